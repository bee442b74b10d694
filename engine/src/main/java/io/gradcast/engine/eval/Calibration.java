package io.gradcast.engine.eval;

import java.io.Serializable;

/**
 * How confidence and accuracy go together (Guo et al. 2017, "On Calibration of Modern Neural
 * Networks", eqs. 2 to 5): samples by their confidence in {@value #BINS} bins of equal width, of
 * which bin b holds the confidences in (b / BINS, (b + 1) / BINS], and the first 0 too. Integers,
 * so parts add up to the same whatever their order.
 */
public final class Calibration implements Serializable {

  private static final long serialVersionUID = 1;

  public static final int BINS = 15;

  /** Confidences are summed in steps of 2^-30, which leaves room for 2^33 of them. */
  private static final double GRID = 0x1p30;

  private final long[] samples = new long[BINS];
  private final long[] correct = new long[BINS];
  private final long[] confidence = new long[BINS];

  /**
   * Counts one prediction.
   *
   * @param sure its confidence, from 0 to 1
   */
  public void add(float sure, boolean right) {
    int bin = Math.max(0, (int) Math.ceil((double) sure * BINS) - 1);
    samples[bin]++;
    correct[bin] += right ? 1 : 0;
    confidence[bin] += (long) (sure * GRID);
  }

  /** Adds another part. Associative and commutative, exactly. */
  public void add(Calibration other) {
    for (int bin = 0; bin < BINS; bin++) {
      samples[bin] += other.samples[bin];
      correct[bin] += other.correct[bin];
      confidence[bin] += other.confidence[bin];
    }
  }

  public long samples(int bin) {
    return samples[bin];
  }

  /** Share of a bin's samples that were right; NaN of none. */
  public double accuracy(int bin) {
    return (double) correct[bin] / samples[bin];
  }

  /** Mean confidence of a bin's samples; NaN of none. */
  public double confidence(int bin) {
    return confidence[bin] / GRID / samples[bin];
  }

  /**
   * Expected calibration error: the mean distance between a bin's confidence and its accuracy,
   * weighted by its samples; NaN of none.
   */
  public double expectedError() {
    long all = 0;
    double distance = 0;
    for (int bin = 0; bin < BINS; bin++) {
      all += samples[bin];
      distance += Math.abs(confidence[bin] / GRID - correct[bin]);
    }
    return distance / all;
  }
}
