package io.gradcast.spark.cli;

import io.gradcast.spark.source.Source;
import io.gradcast.spark.store.Publication;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** The list of records that were left out: a CSV file in the output of a command. */
final class BadRecords {

  static final String FILE = "bad-records.csv";

  private BadRecords() {}

  /** Writes the file if there are any, and says so. */
  static void write(Publication publication, Collection<Source> sources) {
    long bad = sources.stream().mapToLong(Source::bad).sum();
    if (bad == 0) {
      return;
    }
    System.err.printf("gradcast: %s left out; %s has the list%n", are(bad), FILE);
    publication.write(
        FILE, out -> write(sources, new OutputStreamWriter(out, StandardCharsets.UTF_8)));
  }

  /** So many of them, with the verb. */
  static String are(long bad) {
    return bad == 1 ? "1 bad record is" : "%,d bad records are".formatted(bad);
  }

  private static void write(Collection<Source> sources, Writer out) throws IOException {
    BufferedWriter lines = new BufferedWriter(out);
    lines.write("data,record,problem\n");
    for (Source source : sources) {
      var rejected = source.rejected();
      while (rejected.hasNext()) {
        Source.Rejected record = rejected.next();
        lines.write(quoted(source.name()));
        lines.write(',');
        lines.write(quoted(record.record()));
        lines.write(',');
        lines.write(quoted(record.problem()));
        lines.write('\n');
      }
    }
    lines.flush();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
