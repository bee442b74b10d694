package io.gradcast.spark.monitor;

import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.time.Instant;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * Scalars for TensorBoard in a folder, where earlier runs may have left some. What was flushed is
 * there to be read, and stays if the program is killed: where a file system shows a file only once
 * it is closed, as object stores do, each flush ends one file and the next goes to another.
 */
final class EventFiles implements AutoCloseable {

  private final Storage storage;
  private final Path folder;
  private FSDataOutputStream out;

  /**
   * Starts a file.
   *
   * @param step from which on earlier values in the folder are void
   */
  EventFiles(Storage storage, Path folder, long step) throws IOException {
    this.storage = storage;
    this.folder = folder;
    openNext();
    EventEncoder.start(out, now(), step);
  }

  /** TensorBoard reads the files of a folder in the order of their names. */
  private void openNext() throws IOException {
    Instant time = Instant.now();
    String name =
        "events.out.tfevents.%010d.%09d.gradcast".formatted(time.getEpochSecond(), time.getNano());
    out = storage.create(new Path(folder, name));
    EventEncoder.version(out, now());
  }

  private static double now() {
    return System.currentTimeMillis() * 1e-3;
  }

  void scalar(long step, String tag, double value) throws IOException {
    if (out == null) {
      openNext();
    }
    EventEncoder.scalar(out, now(), step, tag, (float) value);
  }

  /** Makes what was written readable. */
  void flush() throws IOException {
    if (out != null && out.hasCapability(StreamCapabilities.HSYNC)) {
      out.hsync();
    } else {
      close();
    }
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
  }
}
