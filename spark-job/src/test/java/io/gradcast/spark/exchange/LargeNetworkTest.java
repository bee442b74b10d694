package io.gradcast.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.optim.Adam;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.cluster.Application;
import io.gradcast.spark.cluster.SharedClasses;
import io.gradcast.spark.cluster.SmallTraining;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks whose sums are larger than all else, and heaps that have just room for them. */
@Tag("heavy")
class LargeNetworkTest {

  /** Of one parameter array 17 MB, of a sum 34 MB. */
  private static final int PARAMETERS = 4_220_505;

  /** What is asked of an executor of one core. */
  private static final int EXECUTOR_MEBIBYTES = 300 + 48 * PARAMETERS / (1 << 20) + 1;

  @TempDir private static Path folder;
  private static SmallTraining training;

  @BeforeAll
  static void makeData() throws Exception {
    training =
        SmallTraining.in(folder)
            .with(new TrainingConfig(1, 300, 0.001, 3).with(new Adam(0.9, 0.999, 1e-8, 0)))
            .with(
                NetworkText.parse(
                    "name = large, init = he-normal, loss = softmax-cross-entropy, layers = ["
                        + "{ type = dense, units = 2300 }, { type = relu },"
                        + "{ type = dense, units = 1045 }, { type = relu },"
                        + "{ type = dense, units = 10 }]",
                    "large"));
  }

  @Test
  void trainsWhereThereIsJustAsMuchMemoryAsIsAsked() throws Exception {
    String expected = training.onThreads(2);
    SparkConf conf = cluster(EXECUTOR_MEBIBYTES);
    try (Application application = Application.start(conf, 2)) {
      assertEquals(
          expected,
          training.onSpark(application.context(), ExchangeKind.TREE, TrainingListener.NONE));
    }
  }

  @Test
  void executorsThatAreTooSmallAreRefused() throws Exception {
    SparkConf conf = cluster(EXECUTOR_MEBIBYTES - 1);
    try (Application application = Application.start(conf, 2)) {
      GradcastException refused =
          assertThrows(
              GradcastException.class,
              () ->
                  training.onSpark(
                      application.context(), ExchangeKind.TREE, TrainingListener.NONE));
      assertEquals(GradcastException.Kind.USAGE, refused.kind());
      assertEquals(
          "spark.executor.memory: expected at least %d MiB to train 4,220,505 parameters, found %d"
                  .formatted(EXECUTOR_MEBIBYTES, EXECUTOR_MEBIBYTES - 1)
              + " MiB",
          refused.getMessage());
    }
  }

  @Test
  void localTasksNeedNoMessageHoweverLargeTheSum() throws Exception {
    SparkConf conf = SmallTraining.sparkConf("local[2]").set("spark.rpc.message.maxSize", "1");
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      assertEquals(
          training.onThreads(1),
          training.onSpark(context, ExchangeKind.RESIDENT, TrainingListener.NONE));
    }
  }

  private static SparkConf cluster(int mebibytes) throws Exception {
    return Application.onLocalCluster(2)
        .set("spark.executor.memory", mebibytes + "m")
        // With vectors, and compiled: there is something to compute.
        .set("spark.executor.extraJavaOptions", SharedClasses.executorOptions());
  }
}
