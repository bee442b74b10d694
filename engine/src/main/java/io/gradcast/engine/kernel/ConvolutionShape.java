package io.gradcast.engine.kernel;

/**
 * The sizes of a convolution, which its layer has checked.
 *
 * @param channels of the input; p
 * @param height of the input
 * @param width of the input
 * @param maps of the output; q
 * @param kernelHeight rows of a kernel; u
 * @param kernelWidth columns of a kernel; v
 * @param stride input rows or columns from one output row or column to the next
 * @param padding rows and columns of zeros around the input, less than the kernel's
 */
public record ConvolutionShape(
    int channels,
    int height,
    int width,
    int maps,
    int kernelHeight,
    int kernelWidth,
    int stride,
    int padding) {

  public int outHeight() {
    return (paddedHeight() - kernelHeight) / stride + 1;
  }

  public int outWidth() {
    return (paddedWidth() - kernelWidth) / stride + 1;
  }

  /** Rows of the input with its padding. */
  int paddedHeight() {
    return height + 2 * padding;
  }

  /** Columns of the input with its padding. */
  int paddedWidth() {
    return width + 2 * padding;
  }

  /** Taps of a kernel. */
  public int area() {
    return kernelHeight * kernelWidth;
  }

  /** Taps that make up one output, over all channels. */
  public int taps() {
    return channels * area();
  }

  /** The input row of kernel row u at output row y; outside the input in its padding. */
  int row(int y, int u) {
    return y * stride + kernelHeight - 1 - u - padding;
  }

  /** The input column of kernel column v at output column x; outside the input in its padding. */
  int column(int x, int v) {
    return x * stride + kernelWidth - 1 - v - padding;
  }

  /** The first output column at which kernel column v meets the input. */
  int firstColumn(int v) {
    return Math.max(0, ceilDiv(-column(0, v), stride));
  }

  /** Behind the last output column at which kernel column v meets the input. */
  int endColumn(int v) {
    int end = Math.min(outWidth(), ceilDiv(width - column(0, v), stride));
    return Math.max(firstColumn(v), end);
  }

  private static int ceilDiv(int x, int y) {
    return -Math.floorDiv(-x, y);
  }
}
