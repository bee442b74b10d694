package io.gradcast.engine.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.gradcast.engine.data.Augmentation;
import io.gradcast.engine.data.Digits;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.tensor.GradientSum;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A network with a bit of everything, on images that are varied. */
public class RichNetworkTest {

  /** Every kind of layer that draws, keeps or shares something. */
  public static final String TEXT =
      """
      name = rich, input = [1, 28, 28], normalize = { mean = [0.15], deviation = [0.3] }
      init = he-normal
      layers = [
        { type = conv, maps = 6, kernel = 3, stride = 2, padding = same }
        { type = group-norm, groups = 3 }, { type = relu }, { type = dropout, rate = 0.2 }
        { type = conv, maps = 6, kernel = [3, 5], groups = 6, padding = same }
        { type = max-pool, size = 3, stride = 2 }, { type = relu }
        { type = conv, maps = 8, kernel = 3, groups = 2, padding = [1, 0] }
        { type = mean-pool, size = 2, stride = 1 }
        { type = residual
          layers = [
            { type = gelu }, { type = conv, maps = 6, kernel = 3, padding = 1 }
            { type = dropout, rate = 0.4 }, { type = leaky-relu } ]
          shortcut = [{ type = conv, maps = 6, kernel = 1 }] }
        { type = residual, layers = [{ type = tanh }] }
        { type = dense, units = 24 }, { type = layer-norm }, { type = sigmoid }
        { type = dropout, rate = 0.5 }
        { type = dense, units = 10 } ]
      loss = { type = softmax-cross-entropy, smoothing = 0.1 }
      class-weights = [1, 2, 1, 1, 0.5, 1, 1, 1, 1, 1]
      """;

  private static final int COUNT = 50;

  private static final Recipe RECIPE =
      new Recipe(9, COUNT, new Augmentation(2, 10, 0.1, true, 0.2, 1));

  private final Network network = new Network(NetworkSpec.parse(TEXT, "rich"));
  private final Workspace workspace = new Workspace(network, Kernels.best());
  private final float[] parameters = network.initialParameters(1);
  private final Samples samples = Digits.first(COUNT);
  private final int[] rows = IntStream.range(0, COUNT).toArray();

  private GradientSum gradient(Recipe recipe, int epoch, int[] order, int... ends) {
    GradientSum sum = new GradientSum();
    int from = 0;
    for (int end : ends) {
      network.gradient(samples, order, from, end, parameters, recipe, epoch, workspace, sum);
      from = end;
    }
    return sum;
  }

  private long[] gradient(Recipe recipe, int epoch) {
    return gradient(recipe, epoch, rows, COUNT).gradient(parameters.length);
  }

  @Test
  void sumDependsOnNoOrderOrGroupingOfSamples() {
    GradientSum expected = gradient(RECIPE, 3, rows, COUNT);
    assertFalse(expected.diverged());
    List<Integer> order = IntStream.range(0, COUNT).boxed().collect(Collectors.toList());
    Collections.shuffle(order, new Random(3));
    int[] shuffled = order.stream().mapToInt(Integer::intValue).toArray();
    GradientSum found = gradient(RECIPE, 3, shuffled, 1, 14, 15, 33, COUNT);
    assertArrayEquals(expected.gradient(parameters.length), found.gradient(parameters.length));
    assertEquals(expected.loss(), found.loss());
  }

  @Test
  void whatIsDrawnDependsOnEpochAndSeedAndOnNothingBefore() {
    long[] first = gradient(RECIPE, 0);
    assertFalse(Arrays.equals(first, gradient(RECIPE, 1)));
    assertFalse(Arrays.equals(first, gradient(new Recipe(10, COUNT, RECIPE.augmentation()), 0)));
    assertFalse(Arrays.equals(first, gradient(new Recipe(9, COUNT), 0)));
    assertArrayEquals(first, gradient(RECIPE, 0));
  }

  @Test
  void evaluationDrawsNothing() {
    Evaluation fresh = new Evaluation(10);
    network.evaluate(samples, rows, 0, COUNT, parameters, workspace, fresh);
    gradient(RECIPE, 5);
    Evaluation after = new Evaluation(10);
    network.evaluate(samples, rows, 0, COUNT, parameters, workspace, after);
    assertEquals(fresh.lossSum(), after.lossSum());
  }

  @Test
  void classWeightsMultiplyLossAndGradient() {
    String text =
        "name = n, input = [1, 28, 28], layers = [{ type = dense, units = 10 }]"
            + ", loss = softmax-cross-entropy, class-weights = %s";
    int four = IntStream.range(0, COUNT).filter(i -> samples.label(i) == 4).findFirst().orElse(-1);
    int five = IntStream.range(0, COUNT).filter(i -> samples.label(i) == 5).findFirst().orElse(-1);
    GradientSum[] plain = new GradientSum[2];
    GradientSum[] weighted = new GradientSum[2];
    Network one = new Network(NetworkSpec.parse(text.formatted("[1,1,1,1,1,1,1,1,1,1]"), "one"));
    Network two = new Network(NetworkSpec.parse(text.formatted("[1,1,1,1,2,1,1,1,1,1]"), "two"));
    float[] initial = one.initialParameters(1);
    int[] which = {four, five};
    for (int i = 0; i < 2; i++) {
      plain[i] = new GradientSum();
      weighted[i] = new GradientSum();
      Workspace memory = new Workspace(one, Kernels.best());
      one.gradient(samples, which, i, i + 1, initial, RECIPE, 0, memory, plain[i]);
      two.gradient(samples, which, i, i + 1, initial, RECIPE, 0, memory, weighted[i]);
    }
    assertEquals(
        2, FixedPoint.toDouble(weighted[0].loss()) / FixedPoint.toDouble(plain[0].loss()), 1e-6);
    assertEquals(plain[1].loss(), weighted[1].loss());
    assertArrayEquals(plain[1].gradient(7850), weighted[1].gradient(7850));
    for (int i = 0; i < 7850; i++) {
      double twice = 2 * FixedPoint.toDouble(plain[0].gradient(7850)[i]);
      assertEquals(twice, FixedPoint.toDouble(weighted[0].gradient(7850)[i]), 1e-6);
    }
  }

  @Test
  void stepAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    GradientSum sum = new GradientSum();
    long allocated = Long.MAX_VALUE;
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (allocated > 20 * 200 && System.nanoTime() < deadline) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20; i++) {
        sum.clear();
        network.gradient(samples, rows, 0, COUNT, parameters, RECIPE, i, workspace, sum);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(allocated <= 20 * 200, allocated + " bytes in 20 steps");
  }
}
