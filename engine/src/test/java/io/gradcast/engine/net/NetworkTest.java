package io.gradcast.engine.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.gradcast.engine.data.Digits;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.eval.Prediction;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.Sgd;
import io.gradcast.engine.optim.Updater;
import io.gradcast.engine.tensor.GradientSum;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NetworkTest {

  private static final int COUNT = 50;

  private static final Recipe RECIPE = new Recipe(1, COUNT);

  private final Network network = new Network(NetworkSpec.named("zhang"));
  private final Workspace workspace = new Workspace(network, Kernels.best());
  private final float[] parameters = network.initialParameters(1);
  private final Samples samples = Digits.first(COUNT);
  private final int[] rows = IntStream.range(0, COUNT).toArray();

  /** Eqs. (1) to (3). */
  @Test
  void initialWeightsFillTheBoundsOfThePaperAndBiasesAreZero() {
    assertUniform(0, 150, Math.sqrt(6.0 / (7 * 25)));
    assertUniform(156, 1800, Math.sqrt(6.0 / (18 * 25)));
    assertUniform(1968, 1920, Math.sqrt(6.0 / 202));
    for (int[] biases : new int[][] {{150, 6}, {1956, 12}, {3888, 10}}) {
      for (int i = 0; i < biases[1]; i++) {
        assertEquals(0f, parameters[biases[0] + i]);
      }
    }
  }

  private void assertUniform(int first, int count, double bound) {
    double sum = 0;
    double largest = 0;
    for (int i = first; i < first + count; i++) {
      sum += parameters[i];
      largest = Math.max(largest, Math.abs(parameters[i]));
    }
    assertTrue(largest <= bound && largest > 0.95 * bound, "largest " + largest);
    // Four standard deviations of the mean of a uniform variable.
    assertTrue(Math.abs(sum / count) < 4 * bound / Math.sqrt(3.0 * count), "mean " + sum / count);
  }

  @Test
  void initialWeightsAreAFunctionOfTheSeed() {
    assertArrayEquals(parameters, network.initialParameters(1));
    assertNotEquals(parameters[0], network.initialParameters(2)[0]);
    // The high half of a seed counts too.
    assertNotEquals(parameters[0], network.initialParameters(1 + (1L << 40))[0]);
  }

  private GradientSum gradient(int[] order, int... ends) {
    GradientSum sum = new GradientSum();
    int from = 0;
    for (int end : ends) {
      GradientSum part = new GradientSum();
      network.gradient(samples, order, from, end, parameters, RECIPE, 0, workspace, part);
      sum.add(part);
      from = end;
    }
    return sum;
  }

  @Test
  void sumDependsOnNoOrderOrGroupingOfSamples() {
    GradientSum expected = gradient(rows, COUNT);
    List<Integer> order = IntStream.range(0, COUNT).boxed().collect(Collectors.toList());
    Random random = new Random(3);
    for (int trial = 0; trial < 5; trial++) {
      Collections.shuffle(order, random);
      int[] shuffled = order.stream().mapToInt(Integer::intValue).toArray();
      GradientSum found = gradient(shuffled, 1, 14, 15, 33, COUNT);
      assertArrayEquals(expected.gradient(3898), found.gradient(3898));
      assertEquals(expected.loss(), found.loss());
      assertEquals(COUNT, found.samples());
    }
  }

  @Test
  void parametersThatAreNoNumbersAreNoticedWithTheirLayer() {
    float[] broken = parameters.clone();
    broken[3890] = Float.NaN; // a bias of the dense layer
    GradientSum sum = new GradientSum();
    network.gradient(samples, rows, 0, COUNT, broken, RECIPE, 0, workspace, sum);
    assertTrue(sum.diverged());
    assertFalse(gradient(rows, COUNT).diverged());
    assertEquals("c1", network.layerName(sum.divergedLayer()), "it has reached the first layer");
  }

  /** The loss of softmax cross-entropy is -log of the label's score. */
  @Test
  void examinationTakesScoresFromTheLoss() {
    String text = network.spec().text().replace("squared-error", "softmax-cross-entropy");
    Network softmax = new Network(NetworkSpec.parseJson(text, "a test"));
    int[] classified = new int[COUNT];
    int checked = 0;
    Workspace own = new Workspace(softmax, Kernels.best());
    for (int row : rows) {
      classified[0] = row;
      Examination examination = new Examination(softmax.classes());
      softmax.examine(samples, classified, 0, 1, parameters, own, examination);
      Prediction prediction = examination.first();
      assertEquals(row, prediction.id());
      if (prediction.isRight()) {
        assertEquals(Math.exp(-prediction.loss()), prediction.confidence(), 1e-6);
        checked++;
      }
    }
    assertTrue(checked > 0, "some are right even before training");
  }

  @Test
  void stepAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    GradientSum sum = new GradientSum();
    float[] current = parameters.clone();
    Updater updater = new Updater(new Sgd(), Clipping.NONE, current, Map.of(), 1);
    Runnable step =
        () -> {
          sum.clear();
          network.gradient(samples, rows, 0, COUNT, current, RECIPE, 0, workspace, sum);
          updater.begin(sum, 0.1, 1);
          updater.update(0);
        };
    // Until the JVM has compiled them, vectors are objects: so the first rounds do not count. When
    // that is, depends on what else the machine has to do.
    long allocated = Long.MAX_VALUE;
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (allocated > 20 * 200 && System.nanoTime() < deadline) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20; i++) {
        step.run();
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    // A few bytes a step are the measurement's; one array of the network would be thousands.
    assertTrue(allocated <= 20 * 200, allocated + " bytes in 20 steps");
  }
}
