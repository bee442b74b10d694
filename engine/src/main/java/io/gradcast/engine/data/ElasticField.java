package io.gradcast.engine.data;

import io.gradcast.engine.random.Philox;
import io.gradcast.engine.random.Philox.Purpose;
import java.util.Arrays;

/**
 * Random displacements that differ little between neighbours: random numbers smoothed by a Gaussian
 * (Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to
 * visual document analysis", ICDAR 2003). Its standard deviation is a seventh of each side, the
 * authors' 4 pixels of 28. The numbers lie on a lattice of two to a standard deviation, as the
 * Gaussian would smooth away what a finer one shows.
 */
final class ElasticField {

  /** Points of the lattice along a side. */
  private static final int POINTS = 14;

  /** Standard deviation of the Gaussian, in steps of the lattice. */
  private static final double SMOOTHNESS = 2;

  /** Random bytes in one draw. */
  private static final int BYTES = Long.BYTES;

  private final int height;
  private final int width;
  private final float scale;
  private final float[] vertical;
  private final float[] horizontal;

  /** Of both axes, [2][POINTS][POINTS]. */
  private final float[] noise = new float[2 * POINTS * POINTS];

  /** The same smoothed along the rows, [2][POINTS][width]. */
  private final float[] smoothed;

  /**
   * @param deviation standard deviation of a displacement along each axis, in pixels
   */
  ElasticField(int height, int width, double deviation) {
    this.height = height;
    this.width = width;
    // Bytes are whole numbers from 0 to 255; this is their deviation.
    scale = (float) (deviation / Math.sqrt((256.0 * 256.0 - 1) / 12));
    vertical = weights(height);
    horizontal = weights(width);
    smoothed = new float[2 * POINTS * width];
  }

  /**
   * [POINTS][size]. The squares of a pixel's weights add up to 1, so that it is displaced as much
   * near an edge, where it has fewer points around, as elsewhere.
   */
  private static float[] weights(int size) {
    float[] weights = new float[POINTS * size];
    double[] ofPixel = new double[POINTS];
    for (int pixel = 0; pixel < size; pixel++) {
      double place = (pixel + 0.5) * POINTS / size;
      double squares = 0;
      for (int point = 0; point < POINTS; point++) {
        double distance = (place - (point + 0.5)) / SMOOTHNESS;
        ofPixel[point] = StrictMath.exp(-distance * distance / 2);
        squares += ofPixel[point] * ofPixel[point];
      }
      for (int point = 0; point < POINTS; point++) {
        weights[point * size + pixel] = (float) (ofPixel[point] / Math.sqrt(squares));
      }
    }
    return weights;
  }

  /**
   * Displaces coordinates, [height][width] each.
   *
   * @param first element of the draws, of which there is one for every {@value #BYTES} numbers
   */
  void displace(long seed, int epoch, int item, int first, float[] rows, float[] columns) {
    draw(seed, epoch, item, first);
    Arrays.fill(smoothed, 0);
    for (int i = 0; i < noise.length; i++) {
      addScaled(noise[i], horizontal, i % POINTS * width, smoothed, i / POINTS * width);
    }
    addSmoothed(0, rows);
    addSmoothed(POINTS * width, columns);
  }

  /** Bytes, all equally likely, brought to mean 0 and the deviation. */
  private void draw(long seed, int epoch, int item, int first) {
    long bits = 0;
    for (int i = 0; i < noise.length; i++) {
      bits =
          i % BYTES == 0
              ? Philox.bits(seed, Purpose.AUGMENTATION, epoch, item, first + i / BYTES)
              : bits >>> Byte.SIZE;
      noise[i] = ((bits & 0xff) - 127.5f) * scale;
    }
  }

  /** Smooths one axis along the columns too. */
  private void addSmoothed(int from, float[] coordinates) {
    for (int row = 0; row < height; row++) {
      for (int point = 0; point < POINTS; point++) {
        float weight = vertical[point * height + row];
        addScaled(weight, smoothed, from + point * width, coordinates, row * width);
      }
    }
  }

  /** sums[to + i] += factor * values[from + i], a row of it. */
  private void addScaled(float factor, float[] values, int from, float[] sums, int to) {
    for (int i = 0; i < width; i++) {
      sums[to + i] = Math.fma(factor, values[from + i], sums[to + i]);
    }
  }
}
