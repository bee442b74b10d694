package io.gradcast.engine.layer;

import static io.gradcast.engine.kernel.Kernels.LANES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every loss must do, those that take several labels with any number of them and a weight for
 * each class. A new loss adds a line to {@link #losses}.
 */
class LossContractTest {

  private static final int UNITS = 5;
  private static final float STEP = 0x1p-7f;

  /** Of a difference: an error of 1e-6 in a loss near 4, over 2 * STEP. */
  private static final double BOUND = 3e-4;

  private final Random random = new Random(7);
  private final Kernels kernels = Kernels.best();
  private final Lanes out = outputs();
  private final Lanes oneLabel = targets(false);
  private final Lanes severalLabels = targets(true);
  private final float[] weights = {1, 0.5f, 3, 1, 0.25f};
  private final float[] ones = {1, 1, 1, 1, 1};

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

  /** With several labels, lane 0 has none of them and lane 1 all. */
  private Lanes targets(boolean several) {
    Lanes targets = Lanes.of(UNITS);
    for (int lane = 0; lane < LANES; lane++) {
      int label = random.nextInt(UNITS);
      for (int i = 0; i < UNITS; i++) {
        boolean one = several ? lane == 1 || (lane > 1 && random.nextBoolean()) : i == label;
        targets.set(i, lane, one ? 1 : 0);
      }
    }
    return targets;
  }

  private Targets targets(Loss loss) {
    return loss.takesSeveralLabels()
        ? new Targets(severalLabels, weights)
        : new Targets(oneLabel, ones);
  }

  private float[] losses(Loss loss, int lanes, Lanes gradient) {
    return losses(loss, targets(loss), lanes, gradient);
  }

  private float[] losses(Loss loss, Targets targets, int lanes, Lanes gradient) {
    float[] losses = new float[LANES];
    loss.lossAndGradient(kernels, out, UNITS, targets, lanes, gradient, losses);
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
    for (Targets targets : List.of(new Targets(oneLabel, ones), targets(loss))) {
      float[] found = losses(loss, targets, LANES, Lanes.of(UNITS));
      for (int lane = 0; lane < LANES; lane++) {
        assertEquals(value(loss, targets, lane), found[lane], 2e-6, loss.name());
      }
    }
  }

  private double value(Loss loss, Targets targets, int lane) {
    double shares = 0;
    for (int i = 0; i < UNITS; i++) {
      shares += Math.exp(out.get(i, lane));
    }
    double sum = 0;
    for (int i = 0; i < UNITS; i++) {
      double x = out.get(i, lane);
      double target = targets.values().get(i, lane);
      double weight = targets.weights()[i];
      double p = 1 / (1 + Math.exp(-x));
      if (loss instanceof SquaredError) {
        sum += weight * 0.5 * (x - target) * (x - target);
      } else if (loss instanceof SoftmaxCrossEntropy softmax) {
        double smooth = (1 - softmax.smoothing()) * target + softmax.smoothing() / UNITS;
        sum -= smooth * Math.log(Math.exp(x) / shares);
      } else {
        sum -= weight * (target * Math.log(p) + (1 - target) * Math.log(1 - p));
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

  /** The vector kernels go over large outputs in parts. */
  @ParameterizedTest
  @MethodSource("losses")
  void lossAndGradientAreThoseOfTheScalarKernelsToTheBit(Loss loss) {
    int units = 203;
    Lanes large = Lanes.of(units);
    Lanes targets = Lanes.of(units);
    float[] terms = new float[units];
    for (int i = 0; i < units; i++) {
      terms[i] = loss.takesSeveralLabels() ? random.nextFloat() : 1;
      for (int lane = 0; lane < LANES; lane++) {
        large.set(i, lane, (float) random.nextGaussian() * (lane < 8 ? 3 : 90));
        boolean one = loss.takesSeveralLabels() ? random.nextBoolean() : i == 13 * lane;
        targets.set(i, lane, one ? 1 : 0);
      }
    }
    Lanes[] gradients = {Lanes.of(units), Lanes.of(units)};
    float[][] found = new float[2][LANES];
    Kernels[] both = {kernels, Kernels.scalar()};
    for (int i = 0; i < 2; i++) {
      Targets all = new Targets(targets, terms);
      loss.lossAndGradient(both[i], large, units, all, 15, gradients[i], found[i]);
    }
    assertArrayEquals(found[1], found[0]);
    assertArrayEquals(gradients[1].values(), gradients[0].values());
  }

  /** Of the sigmoid, or the output itself: where the score of a class is one half. */
  @ParameterizedTest
  @MethodSource("losses")
  void thresholdOfSeveralLabelsIsAScoreOfOneHalf(Loss loss) {
    Lanes middle = Lanes.of(1);
    middle.set(0, 0, loss.threshold());
    loss.scores(kernels, middle, 1);
    if (loss.takesSeveralLabels()) {
      assertEquals(0.5f, middle.get(0, 0));
    } else {
      assertTrue(Float.isNaN(loss.threshold()));
    }
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
