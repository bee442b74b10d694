package io.gradcast.spark.source;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;

/** A list of records that were left out, as CSV: of which data, which one, and why. */
public final class RejectedList implements Closeable {

  /** Its name beside what was made of the others. */
  public static final String FILE = "bad-records.csv";

  private final BufferedWriter lines;

  /** Begins one, in a file that is closed with it. */
  public RejectedList(OutputStream out) throws IOException {
    lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    lines.write("data,record,problem\n");
  }

  /** Writes all that sources have left out; the file is the caller's to close. */
  public static void write(Collection<Source> sources, OutputStream out) throws IOException {
    RejectedList list = new RejectedList(out);
    for (Source source : sources) {
      Iterator<Source.Rejected> rejected = source.rejected();
      while (rejected.hasNext()) {
        Source.Rejected each = rejected.next();
        list.add(source.name(), each.record(), each.problem());
      }
    }
    list.lines.flush();
  }

  /**
   * Adds a record.
   *
   * @param data its name
   * @param record as a user would look for it
   * @param problem the end of a sentence
   */
  public void add(String data, String record, String problem) throws IOException {
    lines.write("%s,%s,%s\n".formatted(quoted(data), quoted(record), quoted(problem)));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
