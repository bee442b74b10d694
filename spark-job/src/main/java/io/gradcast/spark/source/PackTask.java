package io.gradcast.spark.source;

import io.gradcast.engine.data.Samples;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** Packs a partition, on an executor. */
final class PackTask extends AbstractFunction2<TaskContext, Iterator<Samples>, PackedPart>
    implements Serializable {

  private static final long serialVersionUID = 1;

  private final Broadcast<SerializableConfiguration> configuration;
  private final String folder;
  private final PackedLayout layout;

  PackTask(Broadcast<SerializableConfiguration> configuration, String folder, PackedLayout layout) {
    this.configuration = configuration;
    this.folder = folder;
    this.layout = layout;
  }

  @Override
  public PackedPart apply(TaskContext context, Iterator<Samples> samples) {
    Path path = new Path(folder);
    // Attempts at the same partition may be at work together.
    String prefix =
        PackedLayout.PREFIX + "%05d-%d".formatted(context.partitionId(), context.taskAttemptId());
    Storage storage = new Storage(configuration.value().value());
    try (PackedWriter writer = new PackedWriter(storage, path, prefix, layout)) {
      while (samples.hasNext()) {
        context.killTaskIfInterrupted();
        writer.write(samples.next());
      }
      return writer.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(reason(e));
    }
  }

  /** Parquet has sentences of its own, of any length, around what the file system says. */
  private static IOException reason(IOException e) {
    IOException reason = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      reason = cause instanceof IOException inner ? inner : reason;
    }
    return reason;
  }
}
