package io.gradcast.engine.kernel;

/**
 * The grid on which gradients and losses are summed: multiples of 2^-{@value #FRACTION_BITS} as
 * 64-bit integers. A sample's value is rounded to the grid once (to nearest, ties to even, so by at
 * most 2^-41); from there on integers are added, and no order, grouping or retry can change a sum.
 */
public final class FixedPoint {

  public static final int FRACTION_BITS = 40;

  /** One step of the grid. */
  public static final double STEP = 0x1p-40;

  static final double SCALE = 0x1p40;

  /** Adding it leaves the integer nearest to any |x| of at most 2^51 in the low bits of the sum. */
  static final double ROUNDER = 0x1.8p52;

  private static final long ROUNDER_BITS = Double.doubleToRawLongBits(ROUNDER);

  /** The largest magnitude that {@link #of} takes. */
  private static final float LARGEST = 0x1p11f;

  private FixedPoint() {}

  /** The integer nearest to value * 2^40, for |value| of at most 2^11. */
  public static long of(float value) {
    return Double.doubleToRawLongBits(value * SCALE + ROUNDER) - ROUNDER_BITS;
  }

  /** The number that a sum stands for, rounded to double. */
  public static double toDouble(long sum) {
    return sum * STEP;
  }

  /**
   * The largest magnitude that each of {@code count} values may have so that their sum cannot
   * overflow: 2048 for up to 2048 of them, less beyond.
   */
  public static float limit(int count) {
    return Math.min(LARGEST, 0x1p22f / count);
  }

  /** Whether a value is a number within the limit. */
  public static boolean inRange(float value, float limit) {
    return Math.abs(value) <= limit;
  }
}
