package io.gradcast.spark.source;

import io.gradcast.engine.data.Inspection;
import io.gradcast.engine.data.Samples;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Goes over all samples of a data set on the executors. */
public final class Inspector {

  /** Bytes of samples in a task, about. */
  private static final long TASK = 64L << 20;

  private Inspector() {}

  /** What the samples are like. */
  public static Inspection inspect(JavaSparkContext context, Source source) {
    int channels = source.shape().channels();
    int classes = source.classes().size();
    Inspection all = new Inspection(channels, classes);
    read(context, source)
        .mapPartitions(pieces -> List.of(inspect(pieces, channels, classes)).iterator())
        .collect()
        .forEach(all::add);
    return all;
  }

  private static Inspection inspect(Iterator<Samples> pieces, int channels, int classes) {
    Inspection inspection = new Inspection(channels, classes);
    pieces.forEachRemaining(inspection::add);
    return inspection;
  }

  private static JavaRDD<Samples> read(JavaSparkContext context, Source source) {
    long bytes = source.count() * source.shape().size();
    long tasks = Math.max(context.defaultParallelism(), (bytes + TASK - 1) / TASK);
    return source.read(context, (int) Math.min(source.count(), tasks));
  }

  /** Images that are there more than once. */
  public static Duplicates duplicates(JavaSparkContext context, Source source) {
    return Duplicates.of(read(context, source));
  }
}
