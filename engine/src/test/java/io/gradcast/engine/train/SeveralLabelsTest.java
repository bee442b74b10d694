package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Sha256;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.optim.Adam;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples that have any number of labels, each a question of its own. */
class SeveralLabelsTest {

  private static final int CLASSES = 4;
  private static final double[] WEIGHTS = {1, 0.5, 2, 1.25};

  private static final String LINEAR =
      "name = linear, input = [1, 6, 6], labels = several, loss = %s,"
          + " layers = [{ type = dense, units = 4 }], class-weights = [1, 0.5, 2, 1.25]";

  private static final Network SMALL =
      new Network(
          NetworkSpec.parse(
              """
              name = small, input = [1, 6, 6], labels = several
              layers = [
                { type = conv, maps = 4, kernel = 3 }, { type = relu }
                { type = dense, units = 4 }
              ]
              loss = binary-cross-entropy, class-weights = [1, 0.5, 2, 1.25]
              """,
              "small"));

  /** Images any of whose quarters are bright; the labels say which. */
  private static Samples quarters(int count) {
    Random random = new Random(count);
    int[] labels = random.ints((long) count * CLASSES, 0, 2).toArray();
    byte[] pixels = new byte[count * 36];
    for (int i = 0; i < pixels.length; i++) {
      int quarter = i % 36 / 18 * 2 + i % 6 / 3;
      boolean bright = labels[i / 36 * CLASSES + quarter] == 1;
      pixels[i] = (byte) (random.nextInt(100) + (bright ? 150 : 0));
    }
    long[] ids = IntStream.range(0, count).asLongStream().toArray();
    return new Samples(new Shape(1, 6, 6), ids, pixels, labels, CLASSES);
  }

  private static TrainingResult train(Network network, TrainingConfig config, int threads) {
    try (LocalTrainer trainer =
        new LocalTrainer(network, config, quarters(203), quarters(40), threads)) {
      return trainer.train(TrainingListener.NONE);
    }
  }

  /** Pinned: the build runs this on scalar, narrow and wide kernels, and on several JDKs. */
  @Test
  void resultIsTheSameOnAllThreadsKernelsAndJdks() {
    TrainingConfig config = new TrainingConfig(12, 16, 0.01, 9).with(new Adam(0.9, 0.999, 1e-8, 0));
    TrainingResult result = train(SMALL, config, 1);
    float[] parameters = result.parameters();
    assertArrayEquals(parameters, train(SMALL, config, 3).parameters());
    ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES);
    bytes.asFloatBuffer().put(parameters);
    assertEquals(
        "b784bc162a36ba79179029a25bc39e5feaeef95f485617cf500ae4fcb0a91aed",
        HexFormat.of().formatHex(Sha256.digest().digest(bytes.array())));
    assertTrue(result.last().evaluation().accuracy() > 0.9, "of sets that are right as a whole");
  }

  @Test
  void trainingAccuracyCountsSetsThatAreRightAsAWhole() {
    Samples samples = quarters(203);
    TrainingConfig config = new TrainingConfig(2, 70, 1e-30, 3);
    try (LocalTrainer trainer = new LocalTrainer(SMALL, config, samples, samples, 2)) {
      Measurement last = trainer.train(TrainingListener.NONE).last();
      assertTrue(last.trainAccuracy() > 0, "some are right");
      assertEquals(last.evaluation().accuracy(), last.trainAccuracy());
    }
  }

  /** All samples are one minibatch, so that a few lines of doubles make the same updates. */
  @ParameterizedTest
  @ValueSource(strings = {"binary-cross-entropy", "squared-error"})
  void trainingIsThatOfTheFormulas(String loss) {
    Network network = new Network(NetworkSpec.parse(LINEAR.formatted(loss), "linear"));
    TrainingConfig config = new TrainingConfig(25, 203, 0.05, 5);
    Samples samples = quarters(203);
    float[] initial = network.initialParameters(5);
    double[] expected = new double[initial.length];
    Arrays.setAll(expected, i -> initial[i]);
    double lossSum = 0;
    for (int epoch = 0; epoch < 25; epoch++) {
      double[] gradient = new double[expected.length];
      lossSum = 0;
      for (int row = 0; row < 203; row++) {
        for (int i = 0; i < CLASSES; i++) {
          double target = samples.labels()[row * CLASSES + i];
          double out = output(samples, row, i, expected);
          double p = 1 / (1 + Math.exp(-out));
          boolean squared = loss.equals("squared-error");
          double error = WEIGHTS[i] * ((squared ? out : p) - target);
          lossSum +=
              WEIGHTS[i]
                  * (squared
                      ? (out - target) * (out - target) / 2
                      : -target * Math.log(p) - (1 - target) * Math.log(1 - p));
          for (int j = 0; j < 36; j++) {
            gradient[i * 36 + j] += error * pixel(samples, row, j) / 203;
          }
          gradient[CLASSES * 36 + i] += error / 203;
        }
      }
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= 0.05 * gradient[i];
      }
    }
    TrainingResult result = train(network, config, 2);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], result.parameters()[i], 1e-5, "parameter " + i);
    }
    assertEquals(lossSum / 203, result.last().trainLoss(), 1e-5);
    assertCounted(expected, loss.equals("squared-error") ? 0.5 : 0, result.last().evaluation());
  }

  private static double output(Samples samples, int row, int unit, double[] parameters) {
    double out = parameters[CLASSES * 36 + unit];
    for (int j = 0; j < 36; j++) {
      out += parameters[unit * 36 + j] * pixel(samples, row, j);
    }
    return out;
  }

  private static double pixel(Samples samples, int row, int pixel) {
    return (samples.pixels()[row * 36 + pixel] & 0xff) / 255.0;
  }

  private static void assertCounted(double[] parameters, double threshold, Evaluation found) {
    Samples test = quarters(40);
    long[] counts = new long[4 * CLASSES + 1];
    for (int row = 0; row < 40; row++) {
      int right = 0;
      for (int i = 0; i < CLASSES; i++) {
        int predicted = output(test, row, i, parameters) > threshold ? 1 : 0;
        int label = test.labels()[row * CLASSES + i];
        counts[4 * i + 2 * label + predicted]++;
        right += predicted == label ? 1 : 0;
      }
      counts[4 * CLASSES] += right == CLASSES ? 1 : 0;
    }
    assertArrayEquals(counts, found.counts());
  }

  /** What counts as right in the course of training is what an evaluation counts. */
  @Test
  void sampleIsRightIfAllOfItsLabelsAre() {
    Samples samples = quarters(40);
    float[] parameters = SMALL.initialParameters(3);
    Workspace workspace = new Workspace(SMALL, Kernels.best());
    int[] rows = IntStream.range(0, 40).toArray();
    int right = 0;
    for (int first = 0; first < 40; first += 8) {
      SMALL.forward(samples, rows, first, 8, parameters, workspace);
      for (int lane = 0; lane < 8; lane++) {
        right += workspace.isRight(lane) ? 1 : 0;
      }
    }
    Evaluation evaluation = SMALL.newEvaluation();
    SMALL.evaluate(samples, rows, 0, 40, parameters, workspace, evaluation);
    assertEquals(evaluation.correct(), right);
  }

  @Test
  void gradientDependsOnNoOrderOrGrouping() {
    Samples samples = quarters(40);
    float[] parameters = SMALL.initialParameters(3);
    Workspace workspace = new Workspace(SMALL, Kernels.best());
    Recipe recipe = new Recipe(1, 40);
    GradientSum whole = new GradientSum();
    int[] rows = IntStream.range(0, 40).toArray();
    SMALL.gradient(samples, rows, 0, 40, parameters, recipe, 0, workspace, whole);
    GradientSum parts = new GradientSum();
    int[] turned = IntStream.range(0, 40).map(i -> 39 - i).toArray();
    SMALL.gradient(samples, turned, 0, 7, parameters, recipe, 0, workspace, parts);
    SMALL.gradient(samples, turned, 7, 40, parameters, recipe, 0, workspace, parts);
    int count = parameters.length;
    assertArrayEquals(whole.gradient(count), parts.gradient(count));
    assertEquals(whole.loss(), parts.loss());
  }

  @Test
  void samplesOfOneLabelAreRefused() {
    Samples one = LocalTrainerTest.halves(9);
    Network network =
        new Network(
            NetworkSpec.parse(
                "name = n, input = [1, 6, 5], labels = several, loss = squared-error,"
                    + " layers = [{ type = dense, units = 2 }]",
                "n"));
    TrainingConfig config = new TrainingConfig(1, 1, 1, 1);
    assertEquals(
        "training data: expected several labels a sample, as the network takes, found one label a"
            + " sample",
        assertThrows(GradcastException.class, () -> new LocalTrainer(network, config, one, one, 1))
            .getMessage());
  }
}
