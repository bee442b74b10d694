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

  /**
   * tanh(x) = x + x^3 (T1 + x^2 (T2 + ...)) for |x| below {@link #TANH_SMALL}; found by Remez'
   * exchange for the least relative error, which is 5e-9 without roundings.
   */
  static final float T1 = -0x1.555534p-2f;

  static final float T2 = 0x1.110768p-3f;
  static final float T3 = -0x1.b84448p-5f;
  static final float T4 = 0x1.5256d8p-6f;
  static final float T5 = -0x1.76ac1ap-8f;

  static final float TANH_SMALL = 0.625f;

  /**
   * The normal distribution's tail beyond u: t (E1 + t (E2 + ...)) exp(-u^2 / 2) with t = 1 / (1 +
   * E0 u), within 7.5e-8; Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26, where
   * u and the coefficients have other factors.
   */
  static final float E0 = 0x1.da671p-3f;

  static final float E1 = 0x1.04f20cp-3f;
  static final float E2 = -0x1.23531cp-3f;
  static final float E3 = 0x1.6be1c6p-1f;
  static final float E4 = -0x1.7401c6p-1f;
  static final float E5 = 0x1.0fb844p-1f;

  /**
   * log(1 + e) = 2 z (1 + z^2 / 3 + z^4 / 5 + ...) with z = e / (2 + e), which is at most 1/3 for e
   * up to 1: what follows these terms is less than 2e-8 of the whole.
   */
  static final float L1 = 1f / 3;

  static final float L2 = 1f / 5;
  static final float L3 = 1f / 7;
  static final float L4 = 1f / 9;
  static final float L5 = 1f / 11;
  static final float L6 = 1f / 13;

  /** 1 / sqrt(2 pi). */
  static final float NORMAL_DENSITY = 0x1.988454p-2f;

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

  /** exp of x brought into [-87, 87], within 1.01 units in the last place there; NaN of NaN. */
  public static float boundedExp(float x) {
    float bounded = x > 87f ? 87f : x;
    bounded = bounded < -87f ? -87f : bounded;
    float rounded = Math.fma(bounded, LOG2_E, ROUNDER);
    int n = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(ROUNDER);
    return polynomial(bounded, rounded) * power(n);
  }

  /** tanh(x), within 2 units in the last place; NaN of NaN. */
  public static float tanh(float x) {
    float z = x * x;
    float p = Math.fma(T5, z, T4);
    p = Math.fma(p, z, T3);
    p = Math.fma(p, z, T2);
    p = Math.fma(p, z, T1);
    float small = Math.fma(p, x * z, x);
    float magnitude = Math.abs(x);
    float large = 1f - 2f / (boundedExp(magnitude + magnitude) + 1f);
    return magnitude < TANH_SMALL ? small : x < 0 ? -large : large;
  }

  /**
   * The Gaussian error linear unit, x times the share of the normal distribution below x (Hendrycks
   * and Gimpel, "Gaussian Error Linear Units", 2016), within 1e-7 (1 + |x|).
   */
  public static float gelu(float x) {
    float tail = x * normalTail(x, boundedExp(-0.5f * (x * x)));
    return x < 0 ? tail : x - tail;
  }

  /** The slope of {@link #gelu}, within 3e-7. */
  public static float geluSlope(float x) {
    float exp = boundedExp(-0.5f * (x * x));
    float tail = normalTail(x, exp);
    return Math.fma(x * exp, NORMAL_DENSITY, x < 0 ? tail : 1f - tail);
  }

  /** The share of the normal distribution beyond |x|, where exp is exp(-x^2 / 2). */
  private static float normalTail(float x, float exp) {
    float t = 1f / Math.fma(Math.abs(x), E0, 1f);
    float p = Math.fma(E5, t, E4);
    p = Math.fma(p, t, E3);
    p = Math.fma(p, t, E2);
    p = Math.fma(p, t, E1);
    return p * t * exp;
  }

  /**
   * log(1 + exp(x)), which is -log of sigmoid(-x), within 4 units in the last place of the true
   * value for x from -87 on, and not above 1.7e-38 below; NaN of NaN.
   */
  public static float softplus(float x) {
    float e = boundedExp(-Math.abs(x));
    float z = e / (e + 2f);
    float w = z * z;
    float p = Math.fma(L6, w, L5);
    p = Math.fma(p, w, L4);
    p = Math.fma(p, w, L3);
    p = Math.fma(p, w, L2);
    p = Math.fma(p, w, L1);
    p = Math.fma(p, w, 1f);
    return (x > 0 ? x : 0f) + (z + z) * p;
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
