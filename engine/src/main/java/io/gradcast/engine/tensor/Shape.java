package io.gradcast.engine.tensor;

import java.io.Serializable;

/**
 * The shape of one sample's maps: channels x height x width, each at least 1. A vector of n
 * elements is n x 1 x 1.
 */
public record Shape(int channels, int height, int width) implements Serializable {

  /** Elements that one sample may have, so that 16 lanes of them can be indexed by an int. */
  private static final long LARGEST = 1L << 26;

  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "shape %dx%dx%d has a side below 1".formatted(channels, height, width));
    }
    if ((double) channels * height * width > LARGEST) {
      throw new IllegalArgumentException(
          "shape %dx%dx%d has over %d elements".formatted(channels, height, width, LARGEST));
    }
  }

  public static Shape vector(int size) {
    return new Shape(size, 1, 1);
  }

  /** Elements of one sample. */
  public int size() {
    return channels * height * width;
  }

  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
