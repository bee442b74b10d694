package io.gradcast.engine.data;

import io.gradcast.engine.tensor.Shape;

/**
 * An image looked at through a map: each pixel of the result says where in the image it comes from,
 * and gets the value there, interpolated between the four pixels around. Coordinates are pixels,
 * the centre of the first one being 0; beyond the image is black.
 */
final class Warp {

  /** Black columns and rows on the left and top of the image; there are two on the other sides. */
  private static final float EDGE = 1;

  private final Shape shape;
  private final int stride;

  /** One channel of the image in its black frame. */
  private final float[] framed;

  /** Where each pixel of the result comes from. */
  private final float[] rows;

  private final float[] columns;

  /** The same as the place in the frame, and how far it is to the next one down and right. */
  private final int[] places;

  private final float[] down;
  private final float[] right;

  Warp(Shape shape) {
    this.shape = shape;
    stride = shape.width() + 3;
    framed = new float[(shape.height() + 3) * stride];
    int pixels = shape.height() * shape.width();
    rows = new float[pixels];
    columns = new float[pixels];
    places = new int[pixels];
    down = new float[pixels];
    right = new float[pixels];
  }

  /** Row from which each pixel of the result comes, [height][width]; may be changed. */
  float[] rows() {
    return rows;
  }

  /** Column from which each pixel of the result comes, [height][width]; may be changed. */
  float[] columns() {
    return columns;
  }

  /**
   * Taylor's of the cosine or the sine, to 1e-14 for |x| up to pi: StrictMath's allocate on some
   * JDKs.
   *
   * @param first term
   * @param n the second term is -x^2 / (n (n + 1)) times the first
   */
  private static double series(double first, int n, double x) {
    double term = first;
    double sum = first;
    for (int i = n; i < n + 28; i += 2) {
      term *= -x * x / (i * (i + 1.0));
      sum += term;
    }
    return sum;
  }

  /**
   * Sets the map to the inverse of this: mirror the image if so, enlarge and turn it about its
   * centre, then move it.
   *
   * @param factor of enlargement
   * @param angle in radians, clockwise; from -pi to pi
   * @param moveDown in pixels, as {@code moveRight}
   */
  void set(boolean mirror, double factor, double angle, double moveDown, double moveRight) {
    double middleRow = (shape.height() - 1) / 2.0;
    double middleColumn = (shape.width() - 1) / 2.0;
    double cos = series(1, 1, angle) / factor;
    double sin = series(angle, 2, angle) / factor;
    double sign = mirror ? -1 : 1;
    float rowStep = (float) -sin;
    float columnStep = (float) (sign * cos);
    double x = -middleColumn - moveRight;
    for (int row = 0; row < shape.height(); row++) {
      double y = row - middleRow - moveDown;
      float firstRow = (float) (middleRow + cos * y - sin * x);
      float firstColumn = (float) (middleColumn + sign * (cos * x + sin * y));
      int start = row * shape.width();
      for (int column = 0; column < shape.width(); column++) {
        rows[start + column] = firstRow + rowStep * column;
        columns[start + column] = firstColumn + columnStep * column;
      }
    }
  }

  /**
   * Looks at an image.
   *
   * @param pixels bytes, an image from {@code start} on, [channels][height][width]
   * @param image gets the values, 0 to 255, in the same layout
   */
  void apply(byte[] pixels, int start, float[] image) {
    locate();
    int count = rows.length;
    for (int channel = 0; channel < shape.channels(); channel++) {
      frame(pixels, start + channel * count);
      int first = channel * count;
      for (int i = 0; i < count; i++) {
        int place = places[i];
        float above = mix(framed[place], framed[place + 1], right[i]);
        float below = mix(framed[place + stride], framed[place + stride + 1], right[i]);
        image[first + i] = mix(above, below, down[i]);
      }
    }
  }

  private static float mix(float a, float b, float share) {
    return a + share * (b - a);
  }

  /** Coordinates far outside come to lie in the frame, where all is black. */
  private void locate() {
    float mostRow = shape.height() + EDGE;
    float mostColumn = shape.width() + EDGE;
    for (int i = 0; i < places.length; i++) {
      float y = Math.max(0, Math.min(mostRow, rows[i] + EDGE));
      float x = Math.max(0, Math.min(mostColumn, columns[i] + EDGE));
      int row = (int) y;
      int column = (int) x;
      places[i] = row * stride + column;
      down[i] = y - row;
      right[i] = x - column;
    }
  }

  private void frame(byte[] pixels, int start) {
    int from = start;
    for (int row = 0; row < shape.height(); row++) {
      int to = (row + 1) * stride + 1;
      for (int column = 0; column < shape.width(); column++) {
        framed[to + column] = pixels[from + column] & 0xff;
      }
      from += shape.width();
    }
  }
}
