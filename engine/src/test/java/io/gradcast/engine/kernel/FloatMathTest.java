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
      kernels.sigmoidForward(values, 1);
      for (int lane = 0; lane < Kernels.LANES; lane++) {
        double exact = 1 / (1 + StrictMath.exp(-(double) x[lane]));
        worst = Math.max(worst, Math.abs(values.get(0, lane) - exact) / Math.ulp((float) exact));
      }
    }
    assertTrue(worst < 3, "worst error " + worst + " ulp");
  }
}
