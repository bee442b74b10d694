package io.gradcast.engine.data;

import java.io.Serializable;
import java.math.BigInteger;

/**
 * What preprocessing and class weights are made of: the sums of all pixels of a channel and of
 * their squares, and the samples of each class, of which one may have several. Whole numbers, so
 * parts add up to the same whatever their order.
 */
public final class DataStatistics implements Serializable {

  private static final long serialVersionUID = 1;

  /** A pixel as a network sees it is a byte divided by this. */
  private static final double WHITE = 255;

  private final long[] sums;
  private final long[] squares;
  private final long[] samples;
  private long pixels;

  /** Of no samples. */
  public DataStatistics(int channels, int classes) {
    sums = new long[channels];
    squares = new long[channels];
    samples = new long[classes];
  }

  /** Counts some samples, whose labels must be those of this number of classes. */
  public void add(Samples part) {
    int plane = part.shape().height() * part.shape().width();
    for (int row = 0; row < part.count(); row++) {
      countLabels(part, row);
      for (int channel = 0; channel < sums.length; channel++) {
        add(channel, part.pixels(), part.start(row) + channel * plane, plane);
      }
    }
    pixels += (long) part.count() * plane;
  }

  /** One label is counted at once: classes may be many. */
  private void countLabels(Samples part, int row) {
    if (!part.severalLabels()) {
      samples[part.label(row)]++;
      return;
    }
    for (int i = 0; i < samples.length; i++) {
      samples[i] += part.has(row, i) ? 1 : 0;
    }
  }

  private void add(int channel, byte[] bytes, int start, int count) {
    long sum = 0;
    long square = 0;
    for (int i = start; i < start + count; i++) {
      int pixel = bytes[i] & 0xff;
      sum += pixel;
      square += (long) pixel * pixel;
    }
    sums[channel] += sum;
    squares[channel] += square;
  }

  /** Adds another part. Associative and commutative, exactly. */
  public void add(DataStatistics other) {
    addAll(sums, other.sums);
    addAll(squares, other.squares);
    addAll(samples, other.samples);
    pixels += other.pixels;
  }

  private static void addAll(long[] counts, long[] others) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += others[i];
    }
  }

  /** Samples of each class. */
  public long[] samples() {
    return samples.clone();
  }

  /** Mean of pixel / 255 of each channel; NaN of no samples. */
  public float[] means() {
    float[] means = new float[sums.length];
    for (int channel = 0; channel < means.length; channel++) {
      means[channel] = (float) (sums[channel] / (double) pixels / WHITE);
    }
    return means;
  }

  /**
   * Standard deviation of pixel / 255 of each channel, of the population; 1 where all pixels are
   * equal, so that one can divide by it.
   */
  public float[] deviations() {
    float[] deviations = new float[sums.length];
    for (int channel = 0; channel < deviations.length; channel++) {
      // n^2 times the variance, exact: the difference of these may be small beside them.
      BigInteger sum = BigInteger.valueOf(sums[channel]);
      double variance =
          BigInteger.valueOf(pixels)
              .multiply(BigInteger.valueOf(squares[channel]))
              .subtract(sum.multiply(sum))
              .doubleValue();
      deviations[channel] = variance > 0 ? (float) (Math.sqrt(variance) / pixels / WHITE) : 1;
    }
    return deviations;
  }
}
