package io.gradcast.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {

  /** Twice the tail of the binomial distribution, in whole numbers until the last step. */
  private static double reference(int b, int c) {
    int all = b + c;
    BigInteger ways = BigInteger.ONE;
    BigInteger sum = BigInteger.ZERO;
    for (int i = 0; i <= Math.min(b, c); i++) {
      sum = sum.add(ways);
      ways = ways.multiply(BigInteger.valueOf(all - i)).divide(BigInteger.valueOf(i + 1));
    }
    BigDecimal flips = new BigDecimal(BigInteger.TWO.pow(all));
    return Math.min(
        1, new BigDecimal(sum.shiftLeft(1)).divide(flips, MathContext.DECIMAL64).doubleValue());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1",
    "1, 0, 1",
    "3, 3, 1",
    "4, 3, 1",
    "0, 2, 0.5",
    "0, 5, 0.0625",
    "1, 9, 0.021484375",
    "2, 8, 0.109375",
    "0, 30, 1.862645149230957e-9",
  })
  void smallCountsAreAsByHand(long b, long c, double expected) {
    assertEquals(expected, McNemar.exact(b, c), 1e-14 * expected);
    assertEquals(expected, McNemar.exact(c, b), 1e-14 * expected);
  }

  /**
   * Approval of a president in two surveys (Agresti, "Categorical data analysis"): 150 of 1,600 no
   * longer approve, 86 now do. McNemar's statistic is 17.36, for which the chi-square distribution
   * has 3.1e-5.
   */
  @Test
  void approvalRatingsHaveTheirKnownValue() {
    PairedCounts counts = new PairedCounts(794, 150, 86, 570);
    assertEquals(1600, counts.total());
    assertEquals(3.715936139571442e-05, counts.pValue(), 1e-17);
  }

  @Test
  void allSmallCountsAreAsInWholeNumbers() {
    for (int b = 0; b <= 60; b++) {
      for (int c = 0; c <= 60; c++) {
        double expected = reference(b, c);
        assertEquals(expected, McNemar.exact(b, c), 1e-12 * expected, b + " and " + c);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4900, 5100", "400, 700", "5, 1000", "1, 1000", "4000, 4001", "4000, 4002"})
  void middlingCountsAreAsInWholeNumbers(int b, int c) {
    double expected = reference(b, c);
    assertEquals(expected, McNemar.exact(b, c), 1e-10 * expected);
  }

  /** With so many flips the probability is that of so many standard deviations, either way. */
  @ParameterizedTest
  @CsvSource({
    "2, 0.04550026389635844",
    "4, 6.334248366623993e-05",
    "6, 1.9731752900754024e-09",
  })
  void largeCountsAreAsTheNormalDistributionHasThem(int deviations, double expected) {
    long root = 20_001;
    long all = root * root;
    // Corrected for continuity (Edwards, Psychometrika 13, 1948).
    long least = (all - deviations * root - 1) / 2;
    assertEquals(expected, McNemar.exact(least, all - least), 1e-6 * expected);
  }

  @Test
  void whatADoubleCannotSayIsZero() {
    assertEquals(0, McNemar.exact(0, 100_000_000));
    assertEquals(0, McNemar.exact(300_000_000, 200_000_000));
  }
}
