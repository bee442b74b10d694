package io.gradcast.engine.eval;

/**
 * Whether one of two classifiers is better, from their answers to the same questions (McNemar,
 * "Note on the sampling error of the difference between correlated proportions or percentages",
 * Psychometrika 12, 1947). Only questions that one of them alone has right tell them apart: were
 * they equally good, each such would be the one's or the other's as a coin falls. The test is the
 * exact one, of the coin, and no approximation by a normal distribution (Fay, "Two-sided exact
 * tests and matching confidence intervals for discrete data", The R Journal 2/1, 2010).
 */
public final class McNemar {

  /** From here the series of {@link #stirlingError} is as good as a double. */
  private static final int LARGE = 16;

  private McNemar() {}

  /**
   * How likely it is that two equally good classifiers differ as much, or more, either way: twice
   * the probability of no more than the lesser count among all flips of a fair coin, at most 1.
   *
   * @param onlyFirstRight questions that the first alone has right, from 0
   * @param onlySecondRight those that the second alone has right, from 0; together fewer than 2^53
   * @return from 0, where it is below what a double can say, to 1; the same on every JDK, to ten
   *     digits
   */
  public static double exact(long onlyFirstRight, long onlySecondRight) {
    long all = onlyFirstRight + onlySecondRight;
    long least = Math.min(onlyFirstRight, onlySecondRight);
    if (all - 2 * least <= 1) {
      return 1;
    }
    // Outwards from the likeliest count each is less likely than the one before, by more and more.
    double sum = 1;
    double term = 1;
    for (long i = least; i > 0 && term > 0x1p-70 * sum; i--) {
      term *= (double) i / (all - i + 1);
      sum += term;
    }
    return Math.min(1, 2 * sum * probability(least, all));
  }

  /**
   * The probability of so many heads among flips of a fair coin, without the cancellation of large
   * logarithms (Loader, "Fast and accurate computation of binomial probabilities", 2000).
   *
   * @param heads from 0, less than half of the flips
   */
  private static double probability(long heads, long flips) {
    if (heads == 0) {
      return StrictMath.pow(0.5, (double) flips);
    }
    double tails = flips - heads;
    double bias = (tails - heads) / flips;
    double deviance =
        0.5
            * flips
            * (StrictMath.log1p(-bias * bias)
                + bias * (StrictMath.log1p(bias) - StrictMath.log1p(-bias)));
    double error = stirlingError(flips) - stirlingError(heads) - stirlingError(flips - heads);
    return StrictMath.sqrt(flips / (2 * Math.PI * heads * tails))
        * StrictMath.exp(error - deviance);
  }

  /**
   * By how much ln n! is more than Stirling's formula for it, ln(2 pi n) / 2 + n ln n - n.
   *
   * @param n from 1
   */
  private static double stirlingError(long n) {
    double error = 0;
    double x = n;
    for (; x < LARGE; x++) {
      error += (x + 0.5) * StrictMath.log1p(1 / x) - 1;
    }
    double y = 1 / (x * x);
    return error
        + (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188))))) / x;
  }
}
