package io.gradcast.spark.exchange;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.train.TrainingConfig;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What a training needs of the heaps of driver and executors. It is asked before the training:
 * Spark tries again and again with executors that run out of memory, and waits for ever for the
 * result that its driver had no room for.
 */
final class Memory {

  /** What Spark sets aside for itself; with less than half as much again it does not start. */
  private static final long RESERVED = 300L << 20;

  /** Parameters as a broadcast: in pieces, as they travel, and as an array. */
  private static final int BROADCAST = 2 * Float.BYTES;

  /**
   * A sum as it is fetched, as the result of a task inside that, and as an array, which takes its
   * place in a row: where it was used up to three, there was none for the last.
   */
  private static final int RESULTS = 4 * Long.BYTES;

  /** Those arrays of the task that adds up all sums: two to be added, and the result as above. */
  private static final int MERGED = 5;

  private Memory() {}

  /**
   * Checks that there is enough.
   *
   * @param cores of the largest executor: each has a sum of its own
   * @throws GradcastException of kind USAGE if there is not
   */
  static void require(
      JavaSparkContext context,
      ExchangeKind kind,
      long parameters,
      TrainingConfig config,
      int cores) {
    long executor = BROADCAST + (long) Long.BYTES * Math.max(cores, MERGED);
    int mirrors = config.optimizer().stateNames().size() + (config.watch().keepsBest() ? 1 : 0);
    long driver = RESULTS + BROADCAST + (1L + mirrors) * Float.BYTES;
    if (context.isLocal()) {
      // One heap; resident tasks have a sum each, that of all of them, and the driver's.
      long sums = kind == ExchangeKind.RESIDENT ? (cores + 2L) * Long.BYTES : executor + RESULTS;
      driver = sums + BROADCAST + (1L + mirrors) * Float.BYTES;
    } else {
      SparkConf conf = context.getConf();
      long heap = conf.getSizeAsMb("spark.executor.memory", "1g") << 20;
      require("spark.executor.memory", parameters, executor, heap);
    }
    require("spark.driver.memory", parameters, driver, Runtime.getRuntime().maxMemory());
  }

  private static void require(String key, long parameters, long bytesEach, long found) {
    long expected = RESERVED + parameters * bytesEach;
    if (found < expected) {
      throw GradcastException.usage(
          "%s: expected at least %d MiB to train %,d parameters, found %d MiB"
              .formatted(key, (expected >> 20) + 1, parameters, found >> 20));
    }
  }
}
