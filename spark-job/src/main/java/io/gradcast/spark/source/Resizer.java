package io.gradcast.spark.source;

import io.gradcast.engine.tensor.Shape;

/**
 * Makes images larger or smaller, by a triangle filter that grows with the step between pixels
 * (bilinear, antialiased), along rows and then along columns. In whole numbers, so the same
 * everywhere.
 */
final class Resizer {

  /** Weights are whole multiples of 2 to the power of minus this. */
  private static final int PRECISION = 22;

  private Resizer() {}

  static Image resize(Image image, int height, int width) {
    Shape from = image.shape();
    if (from.height() == height && from.width() == width) {
      return image;
    }
    Taps rows = Taps.between(from.height(), height);
    Taps columns = Taps.between(from.width(), width);
    int channels = from.channels();
    byte[] narrow = new byte[channels * from.height() * width];
    for (int row = 0; row < channels * from.height(); row++) {
      columns.apply(image.pixels(), row * from.width(), 1, narrow, row * width, 1);
    }
    byte[] pixels = new byte[channels * height * width];
    for (int channel = 0; channel < channels; channel++) {
      for (int x = 0; x < width; x++) {
        int start = channel * from.height() * width + x;
        rows.apply(narrow, start, width, pixels, channel * height * width + x, width);
      }
    }
    return new Image(new Shape(channels, height, width), pixels);
  }

  /**
   * Which pixels of a line make up each new one, and by which weights.
   *
   * @param first of them, of each new pixel
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Taps(int[] first, int[][] weights) {

    static Taps between(int from, int to) {
      double step = (double) from / to;
      double reach = Math.max(1, step);
      int[] first = new int[to];
      int[][] weights = new int[to][];
      for (int i = 0; i < to; i++) {
        double centre = (i + 0.5) * step;
        int start = Math.max(0, (int) (centre - reach + 0.5));
        int end = Math.min(from, (int) (centre + reach + 0.5));
        double[] parts = new double[end - start];
        double sum = 0;
        for (int j = 0; j < parts.length; j++) {
          parts[j] = Math.max(0, 1 - Math.abs((start + j + 0.5 - centre) / reach));
          sum += parts[j];
        }
        first[i] = start;
        weights[i] = new int[parts.length];
        for (int j = 0; j < parts.length; j++) {
          weights[i][j] = (int) Math.round(parts[j] / sum * (1 << PRECISION));
        }
      }
      return new Taps(first, weights);
    }

    /** Computes one line of pixels, each so far from the next. */
    void apply(byte[] in, int inStart, int inStep, byte[] out, int outStart, int outStep) {
      for (int i = 0; i < first.length; i++) {
        int sum = 1 << (PRECISION - 1);
        for (int j = 0; j < weights[i].length; j++) {
          sum += weights[i][j] * (in[inStart + (first[i] + j) * inStep] & 0xff);
        }
        // The weights may add up to a little more than one.
        out[outStart + i * outStep] = (byte) Math.min(255, sum >> PRECISION);
      }
    }
  }
}
