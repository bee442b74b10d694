package io.gradcast.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.tensor.GradientSum;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClippingTest {

  private static final double NONE = Double.POSITIVE_INFINITY;

  /** Where gradient descent with rate 1 goes from zero, on the mean gradient (3, -4, 0). */
  private static float[] step(Clipping clipping) {
    GradientSum sum = new GradientSum();
    sum.addLosses(new float[16], 2, 1f);
    sum.gradient(3)[0] = FixedPoint.of(6);
    sum.gradient(3)[1] = FixedPoint.of(-8);
    float[] parameters = new float[3];
    Updater updater = new Updater(new Sgd(), clipping, parameters, Map.of(), 1);
    updater.begin(sum, 1, 1);
    updater.update(0);
    return parameters;
  }

  @ParameterizedTest
  @CsvSource({
    "Infinity, Infinity, -3, 4",
    "5, 4, -3, 4",
    "5.0001, 4.0001, -3, 4",
    "2.5, Infinity, -1.5, 2",
    "1, Infinity, -0.6, 0.8",
    "Infinity, 3.5, -3, 3.5",
    "Infinity, 1, -1, 1",
    "2.5, 1.75, -1.5, 1.75",
    "2.5, 0.5, -0.5, 0.5"
  })
  void meanGradientIsShrunkToTheNormAndThenCutToTheValue(
      double norm, double value, float first, float second) {
    assertArrayEquals(new float[] {first, second, 0}, step(new Clipping(norm, value)), 1e-6f);
  }

  @Test
  void gradientWithinTheNormKeepsItsBits() {
    assertEquals(1, new Clipping(5, NONE).shrink(new long[] {3L << 40, 4L << 40}, 1));
    assertEquals(1, new Clipping(1e-300, NONE).shrink(new long[3], 1), "a norm of zero");
  }

  @Test
  void normOfTheLargestSumsIsNoOverflow() {
    long[] sums = {Long.MAX_VALUE, Long.MIN_VALUE};
    double norm = Math.sqrt(2) * 0x1p23;
    assertEquals(1 / norm, new Clipping(1, NONE).shrink(sums, 1), 1e-12 / norm);
  }
}
