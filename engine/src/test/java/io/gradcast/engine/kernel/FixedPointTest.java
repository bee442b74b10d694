package io.gradcast.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedPointTest {

  private static final BigDecimal SCALE = BigDecimal.valueOf(1L << FixedPoint.FRACTION_BITS);

  private static BigDecimal exact(float value) {
    return new BigDecimal((double) value);
  }

  private static long rounded(float value) {
    return exact(value).multiply(SCALE).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  /** Of all magnitudes from far below the grid to the limit. */
  private static float randomFloat(Random random) {
    float value = (float) (random.nextGaussian() * Math.scalb(1.0, -60 + random.nextInt(68)));
    return Math.max(-2048f, Math.min(2048f, value));
  }

  @Test
  void roundsToTheNearestWithTiesToEven() {
    assertEquals(0, FixedPoint.of(0x1p-41f), "half a step, down to 0");
    assertEquals(2, FixedPoint.of(3 * 0x1p-41f), "one and a half, up to 2");
    assertEquals(-2, FixedPoint.of(-3 * 0x1p-41f));
    assertEquals(1L << 51, FixedPoint.of(2048f));
    assertEquals(-(1L << 51), FixedPoint.of(-2048f));
    Random random = new Random(2);
    for (int i = 0; i < 200_000; i++) {
      float value = randomFloat(random);
      assertEquals(rounded(value), FixedPoint.of(value), () -> "of " + value);
    }
  }

  @Test
  void sumIsExactInAnyOrder() {
    Random random = new Random(3);
    long forwards = 0;
    BigDecimal exact = BigDecimal.ZERO;
    BigInteger steps = BigInteger.ZERO;
    int count = 2000;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = randomFloat(random);
      forwards += FixedPoint.of(values[i]);
      exact = exact.add(exact(values[i]));
      steps = steps.add(BigInteger.valueOf(rounded(values[i])));
    }
    long backwards = 0;
    for (int i = count - 1; i >= 0; i--) {
      backwards += FixedPoint.of(values[i]);
    }
    assertEquals(steps.longValueExact(), forwards);
    assertEquals(forwards, backwards);
    // Half a step for each value is all that was lost.
    BigDecimal lost = exact.multiply(SCALE).subtract(new BigDecimal(forwards)).abs();
    assertTrue(lost.compareTo(BigDecimal.valueOf(count / 2)) <= 0, "lost " + lost + " steps");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 2047, 2048, 2049, 4096, 60_000, 1 << 20})
  void asManyValuesAtTheLimitDoNotOverflow(int count) {
    BigInteger largest = BigInteger.valueOf(FixedPoint.of(FixedPoint.limit(count)));
    BigInteger sum = largest.multiply(BigInteger.valueOf(count));
    assertTrue(sum.compareTo(BigInteger.valueOf(Long.MAX_VALUE)) <= 0, sum.toString());
  }

  @Test
  void whatIsNoNumberIsOutOfRange() {
    assertFalse(FixedPoint.inRange(Float.NaN, 2048f));
    assertFalse(FixedPoint.inRange(Float.NEGATIVE_INFINITY, 2048f));
    assertFalse(FixedPoint.inRange(2048.001f, 2048f));
    assertTrue(FixedPoint.inRange(-2048f, 2048f));
  }
}
