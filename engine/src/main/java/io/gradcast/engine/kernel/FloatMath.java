package io.gradcast.engine.kernel;

/**
 * Elementary functions from float32 operations in a fixed order, so that every JDK and every vector
 * width gives the same bits. (The platform's {@code Math.exp} may differ between them.)
 */
public final class FloatMath {

  static final float LOG2_E = 0x1.715476p0f;

  /** Adding it rounds a float of magnitude below 2^21 to an integer, kept in the low bits. */
  static final float ROUNDER = 0x1.8p23f;

  /** ln 2 in two parts; the first has few enough bits that its product with n is exact. */
  static final float LN2_HIGH = 0x1.62e4p-1f;

  static final float LN2_LOW = 0x1.7f7d1cp-20f;

  /**
   * exp(r) = 1 + r + r^2 (C2 + r (C3 + ...)) on [-ln 2 / 2, ln 2 / 2]; found by Remez' exchange for
   * the least relative error, which is 3.7e-9 with these roundings.
   */
  static final float C2 = 0x1.fffffcp-2f;

  static final float C3 = 0x1.555492p-3f;
  static final float C4 = 0x1.5558f2p-5f;
  static final float C5 = 0x1.123a2p-7f;
  static final float C6 = 0x1.6a23dp-10f;

  /** From here on exp overflows float32. */
  private static final float OVERFLOW = 88.72284f;

  /** From here down exp is less than half the smallest float32. */
  private static final float UNDERFLOW = -103.97208f;

  private FloatMath() {}

  /**
   * exp(x), within 1.01 units in the last place of the true value wherever that is a normal
   * float32, and within one step of the subnormals below; NaN of NaN.
   */
  public static float exp(float x) {
    if (x > OVERFLOW) {
      return Float.POSITIVE_INFINITY;
    }
    if (x < UNDERFLOW) {
      return 0f;
    }
    float rounded = Math.fma(x, LOG2_E, ROUNDER);
    int n = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(ROUNDER);
    // Two factors, since 2^n itself may be out of range where the result is not.
    int half = n >> 1;
    return polynomial(x, rounded) * power(half) * power(n - half);
  }

  /** exp(x - n ln 2), where {@code rounded} is n + ROUNDER. */
  static float polynomial(float x, float rounded) {
    float n = rounded - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float p = Math.fma(C6, r, C5);
    p = Math.fma(p, r, C4);
    p = Math.fma(p, r, C3);
    p = Math.fma(p, r, C2);
    return Math.fma(p, r * r, r) + 1f;
  }

  private static float power(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }
}
