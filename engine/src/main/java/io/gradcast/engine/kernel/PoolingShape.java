package io.gradcast.engine.kernel;

/**
 * The sizes of a pooling, which its layer has checked. Rows and columns behind the last whole
 * window belong to none.
 *
 * @param channels of the input and the output; c
 * @param height of the input
 * @param width of the input
 * @param size rows and columns of a window, at most the input's; u and v
 * @param stride input rows or columns from one window to the next
 */
public record PoolingShape(int channels, int height, int width, int size, int stride) {

  public int outHeight() {
    return (height - size) / stride + 1;
  }

  public int outWidth() {
    return (width - size) / stride + 1;
  }

  /** The float nearest to 1 / size^2. */
  float scale() {
    return 1f / (size * size);
  }

  /** The first window, in rows or columns, that an input row or column belongs to. */
  int firstWindow(int at) {
    return Math.max(0, (at - size + stride) / stride);
  }

  /** Behind the last output row whose windows an input row belongs to; the first if to none. */
  int endRow(int row) {
    return Math.max(firstWindow(row), Math.min(outHeight(), row / stride + 1));
  }

  /** Behind the last output column whose windows an input column belongs to. */
  int endColumn(int column) {
    return Math.max(firstWindow(column), Math.min(outWidth(), column / stride + 1));
  }
}
