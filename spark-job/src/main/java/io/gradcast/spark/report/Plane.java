package io.gradcast.spark.report;

import io.gradcast.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A map of numbers to be shown as a picture.
 *
 * @param values [height][width]
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Plane(int height, int width, float[] values) {

  /** Pixels a side of the largest picture: they are for a glance, and a report holds hundreds. */
  private static final int LARGEST = 64;

  /** One plane a channel of an image, 1 for a byte of 255. */
  static List<Plane> of(byte[] pixels, Shape shape) {
    float[] values = new float[pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (pixels[i] & 0xff) / 255f;
    }
    return of(values, shape);
  }

  /**
   * One plane a channel.
   *
   * @param values [channels][height][width]
   */
  static List<Plane> of(float[] values, Shape shape) {
    int area = shape.height() * shape.width();
    List<Plane> planes = new ArrayList<>();
    for (int channel = 0; channel < shape.channels(); channel++) {
      float[] plane = new float[area];
      System.arraycopy(values, channel * area, plane, 0, area);
      planes.add(new Plane(shape.height(), shape.width(), plane));
    }
    return planes;
  }

  /** The same, or where it is too large, means over squares of it. */
  Plane shrunk() {
    int factor = (Math.max(height, width) + LARGEST - 1) / LARGEST;
    if (factor == 1) {
      return this;
    }
    int newHeight = (height + factor - 1) / factor;
    int newWidth = (width + factor - 1) / factor;
    float[] means = new float[newHeight * newWidth];
    for (int row = 0; row < newHeight; row++) {
      for (int column = 0; column < newWidth; column++) {
        means[row * newWidth + column] = mean(row * factor, column * factor, factor);
      }
    }
    return new Plane(newHeight, newWidth, means);
  }

  private float mean(int top, int left, int side) {
    int bottom = Math.min(top + side, height);
    int right = Math.min(left + side, width);
    double sum = 0;
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        sum += values[row * width + column];
      }
    }
    return (float) (sum / ((bottom - top) * (right - left)));
  }

  /** The largest magnitude in some planes. */
  static float largest(List<Plane> planes) {
    float largest = 0;
    for (Plane plane : planes) {
      for (float value : plane.values) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  /** Every value divided by another. */
  Plane dividedBy(float divisor) {
    return map(value -> value / divisor);
  }

  /** Values from -largest to largest, as values from 0 to 1. */
  Plane between0And1(float largest) {
    return map(value -> 0.5 + 0.5 * value / largest);
  }

  private Plane map(DoubleUnaryOperator function) {
    float[] mapped = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      mapped[i] = (float) function.applyAsDouble(values[i]);
    }
    return new Plane(height, width, mapped);
  }

  /** Planes of one size, below each other. */
  static Plane stacked(List<Plane> planes) {
    Plane first = planes.get(0);
    int area = first.values.length;
    float[] all = new float[planes.size() * area];
    for (int i = 0; i < planes.size(); i++) {
      System.arraycopy(planes.get(i).values, 0, all, i * area, area);
    }
    return new Plane(planes.size() * first.height, first.width, all);
  }
}
