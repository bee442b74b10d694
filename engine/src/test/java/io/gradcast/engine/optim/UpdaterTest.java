package io.gradcast.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.tensor.GradientSum;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every optimizer against its definition, one parameter at a time in double precision. */
class UpdaterTest {

  private static final int SAMPLES = 7;
  private static final double RATE = 0.05;

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        new Sgd(),
        new Sgd(0.01),
        new Momentum(0.9, 0),
        new Momentum(0.7, 0.1),
        new Nesterov(0.9, 0),
        new Nesterov(0.8, 0.02),
        new Adam(0.9, 0.999, 1e-8, 0),
        new Adam(0.8, 0.9, 1e-3, 0.05),
        new AdamW(0.9, 0.999, 1e-8, 0.01),
        new AdamW(0.5, 0.95, 1e-6, 0.3));
  }

  /** One parameter as PyTorch's documentation has its optimizers, line by line. */
  private static final class Reference {

    private double w;
    private double buffer;
    private double m;
    private double v;
    private int t;

    Reference(double w) {
      this.w = w;
    }

    void step(Optimizer optimizer, double gradient) {
      t++;
      if (optimizer instanceof Sgd sgd) {
        w -= RATE * (gradient + sgd.weightDecay() * w);
      } else if (optimizer instanceof Momentum momentum) {
        double g = gradient + momentum.weightDecay() * w;
        buffer = t == 1 ? g : momentum.momentum() * buffer + g;
        w -= RATE * buffer;
      } else if (optimizer instanceof Nesterov nesterov) {
        double g = gradient + nesterov.weightDecay() * w;
        buffer = t == 1 ? g : nesterov.momentum() * buffer + g;
        w -= RATE * (g + nesterov.momentum() * buffer);
      } else if (optimizer instanceof Adam adam) {
        double g = gradient + adam.weightDecay() * w;
        adam(g, adam.beta1(), adam.beta2(), adam.epsilon());
      } else if (optimizer instanceof AdamW adamW) {
        w -= RATE * adamW.weightDecay() * w;
        adam(gradient, adamW.beta1(), adamW.beta2(), adamW.epsilon());
      }
    }

    private void adam(double g, double beta1, double beta2, double epsilon) {
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      double meanOfM = m / (1 - Math.pow(beta1, t));
      double meanOfV = v / (1 - Math.pow(beta2, t));
      w -= RATE * meanOfM / (Math.sqrt(meanOfV) + epsilon);
    }
  }

  private static float[] parameters(int count) {
    Random random = new Random(count);
    float[] parameters = new float[count];
    for (int i = 0; i < count; i++) {
      parameters[i] = random.nextFloat() - 0.5f;
    }
    return parameters;
  }

  /** A gradient sum with zeros, small and large elements. */
  private static GradientSum sum(int count, int seed) {
    Random random = new Random(seed);
    GradientSum sum = new GradientSum();
    sum.addLosses(new float[16], SAMPLES, 1f);
    long[] gradient = sum.gradient(count);
    for (int i = 0; i < count; i++) {
      double size = Math.pow(10, random.nextInt(8) - 6);
      gradient[i] = i % 11 == 3 ? 0 : FixedPoint.of((float) (size * random.nextGaussian()));
    }
    return sum;
  }

  private static void update(Updater updater, GradientSum sum, int iteration) {
    updater.begin(sum, RATE, iteration);
    for (int part = updater.parts() - 1; part >= 0; part--) {
      updater.update(part);
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void parametersFollowTheDefinition(Optimizer optimizer) {
    int count = 1100; // two blocks and a part of one
    float[] parameters = parameters(count);
    Reference[] references = new Reference[count];
    Arrays.setAll(references, i -> new Reference(parameters[i]));
    Map<String, float[]> states = Updater.newStates(optimizer, count);
    Updater updater = new Updater(optimizer, Clipping.NONE, parameters, states, 1);
    for (int iteration = 1; iteration <= 12; iteration++) {
      GradientSum sum = sum(count, iteration);
      update(updater, sum, iteration);
      for (int i = 0; i < count; i++) {
        double gradient = FixedPoint.toDouble(sum.gradient(count)[i]) / SAMPLES;
        references[i].step(optimizer, gradient);
        // A float is rounded in each iteration, here and in the states.
        double bound = iteration * 1.5e-7 * Math.max(1, Math.abs(references[i].w));
        assertEquals(references[i].w, parameters[i], bound, i + " after " + iteration);
      }
    }
    assertEquals(List.copyOf(states.keySet()), optimizer.stateNames());
    states.values().forEach(state -> assertTrue(state[0] != 0, "a state is in use"));
  }

  /** To the bit, so that models are those of former versions. */
  @Test
  void gradientDescentRoundsOnceInDoubleAndOnceInFloat() {
    int count = 3000;
    double rate = 1.3;
    float[] parameters = parameters(count);
    float[] expected = parameters.clone();
    GradientSum sum = sum(count, 1);
    double scale = rate * FixedPoint.STEP / SAMPLES;
    for (int i = 0; i < count; i++) {
      expected[i] = (float) (expected[i] - scale * sum.gradient(count)[i]);
    }
    Updater updater = new Updater(new Sgd(), Clipping.NONE, parameters, Map.of(), 1);
    updater.begin(sum, rate, 1);
    updater.update(0);
    assertArrayEquals(expected, parameters);
  }

  /** Eq. (65), with gradients whose sums over 4 samples are 2, -1 and 0. */
  @Test
  void parametersMoveAgainstTheMeanGradient() {
    GradientSum sum = new GradientSum();
    sum.addLosses(new float[4], 4, 1f);
    long[] gradient = sum.gradient(3);
    gradient[0] = 2 * FixedPoint.of(1f);
    gradient[1] = -FixedPoint.of(1f);
    float[] parameters = {1f, 1f, -3f};
    Updater updater = new Updater(new Sgd(), Clipping.NONE, parameters, Map.of(), 1);
    updater.begin(sum, 0.5, 1);
    updater.update(0);
    assertArrayEquals(new float[] {1f - 0.5f * 0.5f, 1f + 0.5f * 0.25f, -3f}, parameters);
  }

  private static Map<String, float[]> after(
      Optimizer optimizer, int count, int first, int end, Map<String, float[]> from, int threads) {
    Map<String, float[]> all = new LinkedHashMap<>();
    from.forEach((name, values) -> all.put(name, values.clone()));
    Clipping clipping = new Clipping(0.5, 0.001);
    Updater updater = new Updater(optimizer, clipping, all.get("parameters"), all, threads);
    for (int iteration = first; iteration < end; iteration++) {
      update(updater, sum(count, iteration), iteration);
    }
    return all;
  }

  private static Map<String, float[]> start(Optimizer optimizer, int count) {
    Map<String, float[]> all = Updater.newStates(optimizer, count);
    all.put("parameters", parameters(count));
    return all;
  }

  private static void assertSame(Map<String, float[]> expected, Map<String, float[]> found) {
    expected.forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void anyNumberOfThreadsGivesTheSameBits(Optimizer optimizer) {
    int count = 400_003;
    Map<String, float[]> start = start(optimizer, count);
    Map<String, float[]> expected = after(optimizer, count, 1, 3, start, 1);
    for (int threads : new int[] {2, 3, 100}) {
      assertSame(expected, after(optimizer, count, 1, 3, start, threads));
    }
    assertEquals(3, new Updater(new Sgd(), Clipping.NONE, new float[count], Map.of(), 100).parts());
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void nothingButParametersStatesAndTheNumberOfTheIterationIsRemembered(Optimizer optimizer) {
    Map<String, float[]> start = start(optimizer, 700);
    Map<String, float[]> expected = after(optimizer, 700, 1, 9, start, 1);
    for (int middle = 1; middle <= 9; middle++) {
      Map<String, float[]> kept = after(optimizer, 700, 1, middle, start, 1);
      assertSame(expected, after(optimizer, 700, middle, 9, kept, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 511, 512, 513, 1024, 1025})
  void noParameterIsLeftOutOrUpdatedTwice(int count) {
    float[] parameters = new float[count];
    GradientSum sum = new GradientSum();
    sum.addLosses(new float[16], SAMPLES, 1f);
    Arrays.fill(sum.gradient(count), FixedPoint.of(SAMPLES));
    Updater updater = new Updater(new Sgd(), Clipping.NONE, parameters, Map.of(), 1);
    updater.begin(sum, 0.5, 1);
    updater.update(0);
    float[] expected = new float[count];
    Arrays.fill(expected, -0.5f);
    assertArrayEquals(expected, parameters);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void updateAllocatesNothing(Optimizer optimizer) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int count = 3000;
    GradientSum sum = sum(count, 1);
    Updater updater =
        new Updater(
            optimizer,
            new Clipping(1, 1),
            parameters(count),
            Updater.newStates(optimizer, count),
            1);
    // The first rounds may link classes, and a few bytes a round are the measurement's.
    long allocated = Long.MAX_VALUE;
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (allocated > 20 * 200 && System.nanoTime() < deadline) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20; i++) {
        updater.begin(sum, RATE, i + 1);
        updater.update(0);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(allocated <= 20 * 200, allocated + " bytes in 20 updates");
  }
}
