package io.gradcast.spark.shard;

import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the executors have left for data: Spark's storage memory, which is part of their heaps.
 *
 * @param executors that are there
 * @param least bytes that one of them has left
 * @param total bytes that all of them have left
 */
record ExecutorMemory(int executors, long least, long total) {

  /**
   * While Spark takes in a part larger than this, 16 shards, it reserves half as much again as it
   * has counted so far.
   */
  private static final long COUNTED = 1L << 30;

  private static final double RESERVED = 1.5;

  static ExecutorMemory of(JavaSparkContext context) {
    List<Long> left = left(context);
    if (left.isEmpty()) {
      // Where executors come only when there is work for them.
      context.parallelize(List.of(0), 1).count();
      left = left(context);
    }
    return new ExecutorMemory(
        left.size(),
        left.stream().mapToLong(bytes -> bytes).min().orElse(0),
        left.stream().mapToLong(bytes -> bytes).sum());
  }

  private static List<Long> left(JavaSparkContext context) {
    String driver = SparkEnv.get().blockManager().blockManagerId().hostPort();
    return CollectionConverters.asJava(context.sc().getExecutorMemoryStatus()).entrySet().stream()
        .filter(entry -> context.isLocal() || !entry.getKey().equals(driver))
        .map(entry -> remaining(entry.getValue()))
        .toList();
  }

  /** Of a pair of bytes in all and bytes left, which Java sees without their types. */
  private static long remaining(Tuple2<Object, Object> bytes) {
    return (Long) bytes._2();
  }

  /**
   * Whether all of so many bytes have room, in parts of one size of which every executor gets as
   * many as another, or one more.
   */
  boolean holds(long bytes, int parts) {
    if (executors == 0) {
      return false;
    }
    long most = (parts + executors - 1L) / executors;
    double part = (double) bytes / parts;
    return part * most * (part > COUNTED ? RESERVED : 1) <= least;
  }
}
