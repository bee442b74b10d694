package io.gradcast.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.cluster.Application;
import io.gradcast.spark.cluster.EveryExchange;
import io.gradcast.spark.cluster.SharedClasses;
import io.gradcast.spark.cluster.SmallTraining;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** One model file on executors that are processes, with the kernels that are best here. */
@Tag("kernels")
@Tag("heavy")
class ByteEqualityOnExecutorsTest {

  @TempDir private static Path folder;

  @EveryExchange
  void modelFileIsTheSame(ExchangeKind exchange) throws Exception {
    SmallTraining training = SmallTraining.in(folder);
    String expected = training.onThreads(1);
    SparkConf conf =
        Application.onLocalCluster(2)
            .set("spark.executor.extraJavaOptions", SharedClasses.executorOptions());
    try (Application application = Application.start(conf, 2)) {
      assertEquals(
          Set.of(Kernels.best().description()),
          Set.copyOf(
              application
                  .context()
                  .parallelize(Collections.nCopies(10, 0), 10)
                  .map(number -> Kernels.best().description())
                  .collect()),
          "kernels of the executors");
      for (int partitions : List.of(1, 3, 7)) {
        assertEquals(
            expected,
            training.onSpark(
                application.context(),
                exchange,
                training.data(),
                partitions,
                2,
                TrainingListener.NONE),
            partitions + " partitions");
      }
    }
  }
}
