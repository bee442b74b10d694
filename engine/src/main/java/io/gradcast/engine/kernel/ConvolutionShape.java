package io.gradcast.engine.kernel;

/**
 * The sizes of a convolution, which its layer has checked.
 *
 * <p>With groups, the channels and the maps are cut into as many equal parts, and each part of the
 * maps is computed from its own part of the channels: a depthwise convolution has as many groups as
 * channels.
 *
 * @param channels of the input; p
 * @param height of the input
 * @param width of the input
 * @param maps of the output; q
 * @param kernelHeight rows of a kernel; u
 * @param kernelWidth columns of a kernel; v
 * @param stride input rows or columns from one output row or column to the next
 * @param padding zeros around the input, on each side less than the kernel's rows or columns
 * @param groups divides channels and maps
 */
public record ConvolutionShape(
    int channels,
    int height,
    int width,
    int maps,
    int kernelHeight,
    int kernelWidth,
    int stride,
    Padding padding,
    int groups) {

  public int outHeight() {
    return (paddedHeight() - kernelHeight) / stride + 1;
  }

  public int outWidth() {
    return (paddedWidth() - kernelWidth) / stride + 1;
  }

  /** Rows of the input with its padding. */
  int paddedHeight() {
    return height + padding.top() + padding.bottom();
  }

  /** Columns of the input with its padding. */
  int paddedWidth() {
    return width + padding.left() + padding.right();
  }

  /** Taps of a kernel. */
  public int area() {
    return kernelHeight * kernelWidth;
  }

  /** Channels that one map is computed from. */
  public int groupChannels() {
    return channels / groups;
  }

  /** Maps of a group. */
  public int groupMaps() {
    return maps / groups;
  }

  /** Taps that make up one output, over all channels of its group. */
  public int taps() {
    return groupChannels() * area();
  }

  /** Parameters: the taps of all maps, then their biases. */
  public int parameters() {
    return maps * (taps() + 1);
  }

  /** The input row of kernel row u at output row y; outside the input in its padding. */
  int row(int y, int u) {
    return y * stride + kernelHeight - 1 - u - padding.top();
  }

  /** The input column of kernel column v at output column x; outside the input in its padding. */
  int column(int x, int v) {
    return x * stride + kernelWidth - 1 - v - padding.left();
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
