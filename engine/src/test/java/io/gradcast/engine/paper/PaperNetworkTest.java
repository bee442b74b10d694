package io.gradcast.engine.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.Sgd;
import io.gradcast.engine.optim.Updater;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine's base network against the paper's equations, and these against their own slope. */
class PaperNetworkTest {

  private static final int IMAGES = 19; // one group of lanes and a short one

  /**
   * Float32 rounding: the longest chain is a sum of 150 products, and activations are below 1, so a
   * few dozen units in the last place of 1 (6e-8). Found: below 4e-7.
   */
  private static final double ACTIVATION_BOUND = 1e-6;

  /** Of gradients, relative to the largest of their tensor. Found: below 5e-6. */
  private static final double GRADIENT_BOUND = 1e-5;

  private final Network network = new Network(NetworkSpec.named("zhang"));
  private final Workspace workspace = new Workspace(network, Kernels.best());
  private final int[] rows = IntStream.range(0, IMAGES).toArray();
  private PaperNetwork paper;
  private Samples samples;
  private float[] parameters;

  @BeforeEach
  void drawImagesAndParameters() {
    Random random = new Random(5);
    byte[] pixels = new byte[IMAGES * 784];
    random.nextBytes(pixels);
    int[] labels = random.ints(IMAGES, 0, 10).toArray();
    long[] ids = IntStream.range(0, IMAGES).asLongStream().toArray();
    samples = new Samples(new Shape(1, 28, 28), ids, pixels, labels);
    parameters = network.initialParameters(11);
    for (int i = 0; i < parameters.length; i++) {
      // Biases too, which are zero at first and would hide a wrong one.
      parameters[i] += (float) (0.1 * random.nextGaussian());
    }
    paper = new PaperNetwork();
    setPaper();
  }

  private void setPaper() {
    double[] all = new double[parameters.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = parameters[i];
    }
    PaperParameters.set(paper, all);
  }

  private double[][] image(int sample) {
    double[][] image = new double[28][28];
    for (int i = 0; i < 784; i++) {
      image[i / 28][i % 28] = (samples.pixels()[sample * 784 + i] & 0xff) / 255.0;
    }
    return image;
  }

  private double[] oneHot(int sample) {
    double[] y = new double[10];
    y[samples.label(sample)] = 1;
    return y;
  }

  @Test
  void baseNetworkHasThePapersParameters() {
    assertEquals(PaperParameters.COUNT, network.parameterCount());
  }

  @Test
  void everyActivationIsThePapers() {
    for (int first = 0; first < IMAGES; first += Kernels.LANES) {
      int lanes = Math.min(Kernels.LANES, IMAGES - first);
      network.forward(samples, rows, first, lanes, parameters, workspace);
      for (int lane = 0; lane < lanes; lane++) {
        paper.forward(image(first + lane), oneHot(first + lane));
        assertMaps(paper.c1, 1, lane);
        assertMaps(paper.s1, 2, lane);
        assertMaps(paper.c2, 4, lane);
        assertMaps(paper.s2, 5, lane);
        assertMaps(new double[][][] {{paper.f}}, 6, lane);
        assertMaps(new double[][][] {{paper.yHat}}, 8, lane);
      }
    }
  }

  private void assertMaps(double[][][] expected, int layer, int lane) {
    Lanes found = workspace.activation(layer);
    int i = 0;
    for (double[][] map : expected) {
      for (double[] row : map) {
        for (double value : row) {
          String where = "element " + i + " behind " + network.layerName(layer);
          assertEquals(value, found.get(i++, lane), ACTIVATION_BOUND, where);
        }
      }
    }
  }

  @Test
  void everyGradientOfEverySampleIsThePapers() {
    for (int sample = 0; sample < IMAGES; sample++) {
      GradientSum sum = new GradientSum();
      network.gradient(
          samples, rows, sample, sample + 1, parameters, new Recipe(1, 1), 0, workspace, sum);
      double loss = paper.forward(image(sample), oneHot(sample));
      paper.backward(image(sample), oneHot(sample));
      assertEquals(loss, FixedPoint.toDouble(sum.loss()), ACTIVATION_BOUND);
      assertGradients(PaperParameters.gradients(paper), sum, 1);
    }
  }

  @Test
  void gradientOfAMinibatchIsTheMeanOverItsSamples() {
    GradientSum sum = new GradientSum();
    network.gradient(
        samples, rows, 0, IMAGES, parameters, new Recipe(1, IMAGES), 0, workspace, sum);
    assertGradients(paperMeanGradient(), sum, IMAGES);
  }

  private double[] paperMeanGradient() {
    double[] mean = new double[PaperParameters.COUNT];
    for (int sample = 0; sample < IMAGES; sample++) {
      paper.forward(image(sample), oneHot(sample));
      paper.backward(image(sample), oneHot(sample));
      double[] gradients = PaperParameters.gradients(paper);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += gradients[i] / IMAGES;
      }
    }
    return mean;
  }

  private static void assertGradients(double[] expected, GradientSum sum, int count) {
    // Where the tensors start, and the end: each is measured by its own largest element.
    int[] bounds = {0, 150, 156, 1956, 1968, 3888, 3898};
    long[] found = sum.gradient(expected.length);
    for (int tensor = 0; tensor + 1 < bounds.length; tensor++) {
      double largest = 0;
      for (int i = bounds[tensor]; i < bounds[tensor + 1]; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
      }
      for (int i = bounds[tensor]; i < bounds[tensor + 1]; i++) {
        double gradient = FixedPoint.toDouble(found[i]) / count;
        assertEquals(expected[i], gradient, GRADIENT_BOUND * largest, "parameter " + i);
      }
    }
  }

  /** Eqs. (65) to (70), ten times. */
  @Test
  void tenUpdatesArriveWhereThePapersDo() {
    double rate = 0.5;
    double[] expected = PaperParameters.parameters(paper);
    GradientSum sum = new GradientSum();
    Updater updater = new Updater(new Sgd(), Clipping.NONE, parameters, Map.of(), 1);
    for (int step = 0; step < 10; step++) {
      double[] gradient = paperMeanGradient();
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= rate * gradient[i];
      }
      PaperParameters.set(paper, expected);
      sum.clear();
      network.gradient(
          samples, rows, 0, IMAGES, parameters, new Recipe(1, IMAGES), 0, workspace, sum);
      updater.begin(sum, rate, step + 1);
      updater.update(0);
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], parameters[i], ACTIVATION_BOUND, "parameter " + i);
    }
  }

  /**
   * Central differences of the loss by every parameter. With a step of 1e-5 the error is about
   * 1e-10 from the third derivative and 1e-11 from rounding.
   */
  @Test
  void everyGradientIsTheSlopeOfTheLoss() {
    double[][] image = image(0);
    double[] y = oneHot(0);
    double step = 1e-5;
    paper.forward(image, y);
    paper.backward(image, y);
    double[] gradients = PaperParameters.gradients(paper);
    int moved = 0;
    for (int i = 0; i < gradients.length; i++) {
      PaperParameters.change(paper, i, value -> value + step);
      double above = paper.forward(image, y);
      PaperParameters.change(paper, i, value -> value - 2 * step);
      double below = paper.forward(image, y);
      PaperParameters.change(paper, i, value -> value + step);
      assertEquals((above - below) / (2 * step), gradients[i], 1e-8, "parameter " + i);
      moved += gradients[i] == 0 ? 0 : 1;
    }
    assertTrue(moved > 0.99 * gradients.length, "a gradient of zero proves nothing");
  }
}
