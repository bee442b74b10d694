package io.gradcast.engine.kernel;

/** Rows and columns of zeros on each side of a convolution's input. */
public record Padding(int top, int bottom, int left, int right) {

  public static final Padding NONE = of(0, 0);

  /** The same above as below, and to the left as to the right. */
  public static Padding of(int rows, int columns) {
    return new Padding(rows, rows, columns, columns);
  }

  /**
   * Gives an output of the input's size, divided by the stride and rounded up. Of an odd number of
   * rows or columns the extra one is at the bottom or right, as TensorFlow has it.
   */
  public static Padding same(int height, int width, int kernelHeight, int kernelWidth, int stride) {
    int rows = total(height, kernelHeight, stride);
    int columns = total(width, kernelWidth, stride);
    return new Padding(rows / 2, rows - rows / 2, columns / 2, columns - columns / 2);
  }

  /** What the last window hangs over, if the first begins with the input. */
  private static int total(int size, int kernel, int stride) {
    int last = (size - 1) / stride * stride;
    return Math.max(0, last + kernel - size);
  }

  boolean isNone() {
    return equals(NONE);
  }
}
