package io.gradcast.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FloatMathTest {

  /** A prime, so that all low bits are met; some 40 million floats. */
  private static final int STRIDE = 101;

  /** Over the whole range of floats, and the worst of all, 1.0086, found by trying every one. */
  @Test
  void expIsWithinOneUnitInTheLastPlaceOrAHundredthMore() {
    float worstInput = -0x1.b610fp4f;
    double worst =
        Math.abs(FloatMath.exp(worstInput) - StrictMath.exp(worstInput))
            / Math.ulp((float) StrictMath.exp(worstInput));
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      double exact = StrictMath.exp(x);
      if (exact >= Float.MIN_NORMAL && exact <= Float.MAX_VALUE) {
        double error = Math.abs(FloatMath.exp(x) - exact) / Math.ulp((float) exact);
        worst = Math.max(worst, error);
      }
    }
    assertTrue(worst > 1 && worst < 1.01, "worst error " + worst + " ulp");
  }

  @Test
  void expOfSubnormalResultsIsWithinOneStep() {
    for (float x = -87.3f; x > -104f; x = Math.nextDown(x)) {
      assertEquals(StrictMath.exp(x), FloatMath.exp(x), Float.MIN_VALUE, "exp(" + x + ")");
    }
  }

  @Test
  void expAtTheBoundaries() {
    assertEquals(1f, FloatMath.exp(0f));
    assertEquals(1f, FloatMath.exp(-0f));
    assertEquals(1f, FloatMath.exp(Float.MIN_VALUE));
    assertTrue(FloatMath.exp(88.72283f) > 3.4e38f && FloatMath.exp(88.72283f) < Float.MAX_VALUE);
    assertEquals(Float.POSITIVE_INFINITY, FloatMath.exp(88.8f));
    assertEquals(Float.POSITIVE_INFINITY, FloatMath.exp(Float.POSITIVE_INFINITY));
    assertEquals(0f, FloatMath.exp(-104f));
    assertEquals(0f, FloatMath.exp(Float.NEGATIVE_INFINITY));
    assertTrue(Float.isNaN(FloatMath.exp(Float.NaN)));
  }

  /** Relative to the value itself, so for the small ones too. */
  @Test
  void sigmoidIsWithinThreeUnitsInTheLastPlace() {
    double worst = 0;
    Lanes values = Lanes.of(1);
    Kernels kernels = Kernels.scalar();
    for (int i = -870_000; i < 870_000; i += Kernels.LANES) {
      for (int lane = 0; lane < Kernels.LANES; lane++) {
        values.set(0, lane, (i + lane) * 1e-4f);
      }
      float[] x = values.values().clone();
      kernels.sigmoidForward(values, 1, values);
      for (int lane = 0; lane < Kernels.LANES; lane++) {
        double exact = 1 / (1 + StrictMath.exp(-(double) x[lane]));
        worst = Math.max(worst, Math.abs(values.get(0, lane) - exact) / Math.ulp((float) exact));
      }
    }
    assertTrue(worst < 3, "worst error " + worst + " ulp");
  }

  /** Over the whole range of floats. */
  @Test
  void tanhIsWithinTwoUnitsInTheLastPlace() {
    double worst = 0;
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      if (!Float.isNaN(x)) {
        double exact = StrictMath.tanh(x);
        double error = Math.abs(FloatMath.tanh(x) - exact) / Math.ulp((float) exact);
        worst = Math.max(worst, error);
      }
    }
    assertTrue(worst < 2, "worst error " + worst + " ulp");
    assertTrue(Float.isNaN(FloatMath.tanh(Float.NaN)));
  }

  /** Relative to the value itself, so for the small ones, of well classified samples, too. */
  @Test
  void softplusIsWithinFourUnitsInTheLastPlace() {
    double worst = 0;
    for (int i = -870_000; i < 1_000_000; i++) {
      float x = i * 1e-4f;
      double exact = Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs((double) x)));
      worst = Math.max(worst, Math.abs(FloatMath.softplus(x) - exact) / Math.ulp((float) exact));
    }
    assertTrue(worst < 4, "worst error " + worst + " ulp");
    assertTrue(Float.isNaN(FloatMath.softplus(Float.NaN)));
    assertEquals(1e30f, FloatMath.softplus(1e30f));
    assertEquals(0f, FloatMath.softplus(-1e30f), 1.7e-38f);
    assertEquals(Float.POSITIVE_INFINITY, FloatMath.softplus(Float.POSITIVE_INFINITY));
  }

  /** Against erf from its series, as far as a float can tell. */
  @Test
  void geluIsWithinItsBound() {
    for (int i = -160_000; i <= 160_000; i++) {
      float x = i * 1e-4f;
      double share = 0.5 * (1 + erf(x / Math.sqrt(2)));
      double slope = share + x * StrictMath.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
      assertEquals(x * share, FloatMath.gelu(x), 1e-7 * (1 + Math.abs(x)), "gelu " + x);
      assertEquals(slope, FloatMath.geluSlope(x), 3e-7, "slope " + x);
    }
    assertTrue(Float.isNaN(FloatMath.gelu(Float.NaN)));
    assertEquals(1e30f, FloatMath.gelu(1e30f));
    assertEquals(0f, FloatMath.gelu(-1e30f), 1e-7f);
  }

  /** Abramowitz and Stegun 7.1.6: all terms have one sign. */
  private static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
  }

  @Test
  void boundedExpIsExpWithinItsBounds() {
    for (float x = -87f; x <= 87f; x += 0.37f) {
      assertEquals(FloatMath.exp(x), FloatMath.boundedExp(x));
    }
    assertEquals(FloatMath.exp(87f), FloatMath.boundedExp(Float.POSITIVE_INFINITY));
    assertEquals(FloatMath.exp(-87f), FloatMath.boundedExp(-1000f));
    assertTrue(Float.isNaN(FloatMath.boundedExp(Float.NaN)));
  }
}
