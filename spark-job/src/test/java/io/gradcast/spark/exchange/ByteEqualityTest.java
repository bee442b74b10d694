package io.gradcast.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gradcast.engine.Interval;
import io.gradcast.engine.Sha256;
import io.gradcast.engine.eval.Monitor;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.optim.Adam;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.ReduceOnPlateau;
import io.gradcast.engine.optim.WarmUp;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.Watch;
import io.gradcast.spark.cluster.EveryExchange;
import io.gradcast.spark.cluster.SmallTraining;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The promise: one model file, whatever the exchange, threads, cores, partitions and tree; of
 * executors see {@link ByteEqualityOnExecutorsTest}. Maven runs this class with vectors and
 * without, and the parameters are pinned, so that it is the same file with both.
 */
@Tag("kernels")
class ByteEqualityTest {

  private static final String PARAMETERS =
      "1ef264162af032e14444e93547b4e597d24cd18165b3dec2ddecfca58f916a2d";

  @TempDir private static Path folder;
  private static SmallTraining training;
  private static String expected;

  @BeforeAll
  static void trainOnOneThread() throws IOException {
    training = SmallTraining.in(folder);
    expected = training.onThreads(1);
  }

  @Test
  void kernelsAreThoseThatWereAskedFor() {
    assertEquals(
        "scalar".equals(System.getProperty("gradcast.kernels")),
        Kernels.best().description().equals("scalar"),
        Kernels.best().description());
  }

  @Test
  void parametersArePinned() throws IOException {
    float[] parameters = training.modelOnThreads(1).parameters();
    ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES);
    bytes.asFloatBuffer().put(parameters);
    assertEquals(PARAMETERS, HexFormat.of().formatHex(Sha256.digest().digest(bytes.array())));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void modelFileIsTheSameForAnyNumberOfThreads(int threads) throws IOException {
    assertEquals(expected, training.onThreads(threads));
  }

  @EveryExchange
  void modelFileIsTheSameForAnyNumberOfCores(ExchangeKind exchange) throws IOException {
    Map<String, String> models = new TreeMap<>();
    try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf("local[1]"))) {
      models.put("one core", train(context, exchange, 7, 2));
    }
    try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf("local[3]"))) {
      for (int partitions : List.of(1, 3, 7)) {
        models.put(partitions + " partitions", train(context, exchange, partitions, 2));
      }
      // More shards than a tree of depth 2 takes in one stage, and a flat sum: both exchanges
      // shuffle differently.
      models.put("16 partitions", train(context, exchange, 16, 3));
      models.put("depth 1", train(context, exchange, 7, 1));
    }
    models.forEach((placement, found) -> assertEquals(expected, found, placement));
    assertEquals(1 + 3 + 2, models.size());
  }

  /** Epochs of nine minibatches; measurements, on what is held out, decide which model it is. */
  @EveryExchange
  void modelFileIsTheSameWithStateAndValidation(ExchangeKind exchange) throws IOException {
    SmallTraining stateful =
        training.with(
            SmallTraining.CONFIG
                .with(new Adam(0.9, 0.999, 1e-8, 1e-4))
                .with(new WarmUp(Interval.EPOCH, new ReduceOnPlateau(0.5, 1)))
                .with(new Clipping(1, 0.1))
                .with(new Watch(new Interval(4, false), Monitor.ACCURACY, 3))
                .withValidation(0.15));
    String model = stateful.onThreads(1);
    assertEquals(model, stateful.onThreads(3));
    assertNotEquals(expected, model);
    try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf("local[2]"))) {
      for (int partitions : List.of(1, 16)) {
        assertEquals(
            model,
            stateful.onSpark(
                context, exchange, training.data(), partitions, 2, TrainingListener.NONE),
            partitions + " partitions");
      }
    }
  }

  private static String train(
      JavaSparkContext context, ExchangeKind exchange, int partitions, int depth)
      throws IOException {
    return training.onSpark(
        context, exchange, training.data(), partitions, depth, TrainingListener.NONE);
  }
}
