package io.gradcast.spark.cli;

import io.gradcast.spark.source.RejectedList;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.store.Publication;
import java.util.Collection;

/** The list of records that were left out: a CSV file in the output of a command. */
final class BadRecords {

  private BadRecords() {}

  /** Writes the file if there are any, and says so. */
  static void write(Publication publication, Collection<Source> sources) {
    long bad = sources.stream().mapToLong(Source::bad).sum();
    if (bad == 0) {
      return;
    }
    System.err.printf("gradcast: %s left out; %s has the list%n", are(bad), RejectedList.FILE);
    publication.write(RejectedList.FILE, out -> RejectedList.write(sources, out));
  }

  /** So many of them, with the verb. */
  static String are(long bad) {
    return bad == 1 ? "1 bad record is" : "%,d bad records are".formatted(bad);
  }
}
