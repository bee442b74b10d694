package io.gradcast.engine.layer;

import static io.gradcast.engine.kernel.Kernels.LANES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every loss must do. A new loss adds a line to {@link #losses}. */
class LossContractTest {

  private static final int UNITS = 5;
  private static final float STEP = 0x1p-7f;

  /** Of a difference: an error of 1e-6 in a loss near 4, over 2 * STEP. */
  private static final double BOUND = 3e-4;

  private final Random random = new Random(7);
  private final Kernels kernels = Kernels.best();
  private final Lanes out = outputs();
  private final int[] labels = random.ints(LANES, 0, UNITS).toArray();

  static Stream<Loss> losses() {
    return Stream.of(
        new SquaredError(),
        new SoftmaxCrossEntropy(0),
        new SoftmaxCrossEntropy(0.1f),
        new BinaryCrossEntropy());
  }

  private Lanes outputs() {
    Lanes outputs = Lanes.of(UNITS);
    for (int i = 0; i < UNITS * LANES; i++) {
      outputs.values()[i] = (float) random.nextGaussian();
    }
    return outputs;
  }

  private float[] losses(Loss loss, int lanes, Lanes gradient) {
    float[] losses = new float[LANES];
    loss.lossAndGradient(kernels, out, UNITS, labels, lanes, gradient, losses);
    return losses;
  }

  @ParameterizedTest
  @MethodSource("losses")
  void gradientIsTheSlopeOfTheLoss(Loss loss) {
    Lanes gradient = Lanes.of(UNITS);
    losses(loss, LANES, gradient);
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < UNITS; i++) {
        float middle = out.get(i, lane);
        out.set(i, lane, middle + STEP);
        float above = losses(loss, LANES, Lanes.of(UNITS))[lane];
        out.set(i, lane, middle - STEP);
        float below = losses(loss, LANES, Lanes.of(UNITS))[lane];
        out.set(i, lane, middle);
        double slope = ((double) above - below) / (2 * STEP);
        assertEquals(slope, gradient.get(i, lane), BOUND, loss + ", output " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void valueIsThatOfTheFormula(Loss loss) {
    float[] found = losses(loss, LANES, Lanes.of(UNITS));
    for (int lane = 0; lane < LANES; lane++) {
      assertEquals(value(loss, lane), found[lane], 2e-6, loss.name());
    }
  }

  private double value(Loss loss, int lane) {
    double shares = 0;
    for (int i = 0; i < UNITS; i++) {
      shares += Math.exp(out.get(i, lane));
    }
    double sum = 0;
    for (int i = 0; i < UNITS; i++) {
      double x = out.get(i, lane);
      double target = labels[lane] == i ? 1 : 0;
      double p = 1 / (1 + Math.exp(-x));
      if (loss instanceof SquaredError) {
        sum += 0.5 * (x - target) * (x - target);
      } else if (loss instanceof SoftmaxCrossEntropy softmax) {
        double smooth = (1 - softmax.smoothing()) * target + softmax.smoothing() / UNITS;
        sum -= smooth * Math.log(Math.exp(x) / shares);
      } else {
        sum -= target * Math.log(p) + (1 - target) * Math.log(1 - p);
      }
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("losses")
  void emptyLanesHaveNoLossAndNoGradient(Loss loss) {
    Lanes gradient = new Lanes(out.values().clone(), 0);
    float[] found = losses(loss, 11, gradient);
    for (int lane = 11; lane < LANES; lane++) {
      assertEquals(0f, found[lane]);
      for (int i = 0; i < UNITS; i++) {
        assertEquals(0f, gradient.get(i, lane));
      }
    }
    assertTrue(found[10] > 0);
  }

  /** Outputs far apart, at which a naive exponential overflows. */
  @ParameterizedTest
  @MethodSource("losses")
  void largeOutputsGiveFiniteLosses(Loss loss) {
    for (int i = 0; i < UNITS * LANES; i++) {
      out.values()[i] *= 30;
    }
    for (float one : losses(loss, LANES, Lanes.of(UNITS))) {
      assertTrue(Float.isFinite(one) && one >= 0, "loss " + one);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void outputThatIsNoNumberGivesNoLossThatIs(Loss loss) {
    out.set(2, 4, Float.NaN);
    float[] found = losses(loss, LANES, Lanes.of(UNITS));
    assertTrue(Float.isNaN(found[4]));
    assertTrue(Float.isFinite(found[5]));
  }

  @Test
  void smoothingIsAShare() {
    GradcastException e = assertThrows(GradcastException.class, () -> new SoftmaxCrossEntropy(1f));
    assertEquals(
        "loss softmax-cross-entropy: expected a smoothing of 0 or more and less than 1, found 1.0",
        e.getMessage());
  }

  @Test
  void scoresOfCrossEntropiesAreProbabilities() {
    Lanes shares = new Lanes(out.values().clone(), 0);
    new SoftmaxCrossEntropy(0).scores(kernels, shares, UNITS);
    double sum = 0;
    for (int i = 0; i < UNITS; i++) {
      sum += shares.get(i, 3);
    }
    assertEquals(1, sum, 1e-6);
    Lanes each = new Lanes(out.values().clone(), 0);
    new BinaryCrossEntropy().scores(kernels, each, UNITS);
    assertEquals(1 / (1 + Math.exp(-out.get(2, 3))), each.get(2, 3), 1e-6);
  }
}
