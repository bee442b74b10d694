package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.Interval;
import io.gradcast.engine.Sha256;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.eval.Monitor;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.optim.Adam;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.CosineDecay;
import io.gradcast.engine.optim.ExponentialDecay;
import io.gradcast.engine.optim.Nesterov;
import io.gradcast.engine.optim.WarmUp;
import io.gradcast.engine.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalTrainerTest {

  static final Network SMALL =
      new Network(
          NetworkSpec.parse(
              """
              name = small, input = [1, 6, 5], loss = squared-error
              layers = [
                { type = conv, maps = 3, kernel = 3 }, { type = sigmoid }
                { type = dense, units = 2 }, { type = sigmoid }
              ]
              """,
              "small"));

  /** Images that are bright on the left, or on the right. */
  static Samples halves(int count) {
    Random random = new Random(count);
    byte[] pixels = new byte[count * 30];
    int[] labels = random.ints(count, 0, 2).toArray();
    for (int i = 0; i < pixels.length; i++) {
      boolean bright = i % 5 < 2 == (labels[i / 30] == 0);
      pixels[i] = (byte) (random.nextInt(100) + (bright ? 150 : 0));
    }
    long[] ids = IntStream.range(0, count).asLongStream().toArray();
    return new Samples(new Shape(1, 6, 5), ids, pixels, labels);
  }

  private static TrainingResult train(TrainingConfig config, int samples, int threads) {
    try (LocalTrainer trainer =
        new LocalTrainer(SMALL, config, halves(samples), halves(40), threads)) {
      return trainer.train(TrainingListener.NONE);
    }
  }

  @ParameterizedTest
  @CsvSource({"50, 203", "7, 100", "1, 33", "1000, 77", "64, 64"})
  void resultIsTheSameOnAnyNumberOfThreads(int batchSize, int samples) {
    TrainingConfig config = new TrainingConfig(3, batchSize, 0.5, 9);
    float[] expected = train(config, samples, 1).parameters();
    for (int threads : new int[] {2, 3, 5}) {
      assertArrayEquals(expected, train(config, samples, threads).parameters());
    }
  }

  static Stream<Arguments> trainings() {
    return Stream.of(
        arguments(
            "07a93040ddb2af79b61e551a64fbac9cad7fe29fda4ce3ab41c3b4d5c6e32e45",
            new TrainingConfig(20, 7, 1.5, 9)),
        arguments(
            "2d97c258267b8f4c842b65129402db9ce3322ef95e6ce9007b0eedfa4f538157",
            new TrainingConfig(9, 7, 0.01, 9)
                .with(new Adam(0.9, 0.999, 1e-8, 1e-3))
                .with(new WarmUp(Interval.EPOCH, new CosineDecay(0.01)))
                .with(new Clipping(0.1, 0.05))),
        arguments(
            "995e97d44c42eb27ea6336626f6fe64523ed74d855d31d2c88503444d6af6fb3",
            new TrainingConfig(9, 7, 0.1, 9)
                .with(new Nesterov(0.9, 1e-3))
                .with(new ExponentialDecay(0.9))
                .with(new Watch(new Interval(5, false), Monitor.LOSS, 9))
                .withValidation(0.2)));
  }

  /** Pinned: the build runs this on scalar, narrow and wide kernels, and on several JDKs. */
  @ParameterizedTest
  @MethodSource("trainings")
  void resultIsTheSameOnAllKernelsAndJdks(String expected, TrainingConfig config) {
    float[] parameters = train(config, 203, 2).parameters();
    ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES);
    bytes.asFloatBuffer().put(parameters);
    assertEquals(expected, HexFormat.of().formatHex(Sha256.digest().digest(bytes.array())));
  }

  @Test
  void trainingAccuracyIsThatOfTheSamplesAsTheyWereTrainedOn() {
    Samples samples = halves(203);
    // So slowly that the parameters stay what they are, in three minibatches of each epoch.
    TrainingConfig config = new TrainingConfig(2, 70, 1e-30, 3);
    try (LocalTrainer trainer = new LocalTrainer(SMALL, config, samples, samples, 2)) {
      List<Measurement> measurements = trainer.train(TrainingListener.NONE).measurements();
      double expected = measurements.get(0).evaluation().accuracy();
      assertTrue(expected > 0 && expected < 1, "neither all nor none: " + expected);
      assertEquals(expected, measurements.get(0).trainAccuracy());
      assertEquals(expected, measurements.get(1).trainAccuracy());
    }
  }

  @Test
  void learnsWhatCanBeLearnt() {
    TrainingResult result = train(new TrainingConfig(30, 10, 2.0, 1), 200, 2);
    assertEquals(1.0, result.last().evaluation().accuracy());
    assertTrue(result.last().trainLoss() < 0.1 * result.measurements().get(0).trainLoss());
    assertEquals(600, result.iterations());
  }

  @Test
  void listenerHearsEveryIterationAndEpoch() {
    List<String> heard = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
            heard.add(epoch + "." + iteration);
          }

          @Override
          public void measured(Measurement measurement) {
            heard.add("epoch " + measurement.epoch());
          }
        };
    TrainingConfig config = new TrainingConfig(2, 10, 1, 1);
    try (LocalTrainer trainer = new LocalTrainer(SMALL, config, halves(25), halves(5), 1)) {
      trainer.train(listener);
    }
    assertEquals(List.of("1.1", "1.2", "1.3", "epoch 1", "2.1", "2.2", "2.3", "epoch 2"), heard);
  }

  /** Without a sigmoid at its end the output, and so the gradient, grows without bounds. */
  @Test
  void divergenceNamesEpochIterationAndLayer() {
    Network linear =
        new Network(
            NetworkSpec.parse(
                "name = l, input = [1, 6, 5], loss = squared-error, layers = ["
                    + "{ name = fc, type = dense, units = 2 }]",
                "linear"));
    TrainingConfig config = new TrainingConfig(9, 10, 1000.0, 1);
    try (LocalTrainer trainer = new LocalTrainer(linear, config, halves(25), halves(5), 2)) {
      GradcastException e =
          assertThrows(GradcastException.class, () -> trainer.train(TrainingListener.NONE));
      assertEquals(Kind.DIVERGED, e.kind());
      assertEquals(
          "training diverged at epoch 1, iteration 2, layer fc: expected gradients of at most"
              + " 2048.0 in magnitude, found a larger one or none; try a smaller learning rate",
          e.getMessage());
    }
  }

  @Test
  void dataThatDoNotFitAreRefused() {
    Network zhang = new Network(NetworkSpec.named("zhang"));
    TrainingConfig config = new TrainingConfig(1, 1, 1, 1);
    GradcastException e =
        assertThrows(
            GradcastException.class,
            () -> new LocalTrainer(zhang, config, halves(3), halves(3), 1));
    assertEquals(
        "training data: expected images of 1x28x28, as the network takes, found 1x6x5",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void learningRateIsANumberAboveZero(double rate) {
    assertThrows(GradcastException.class, () -> new TrainingConfig(1, 1, rate, 1));
  }
}
