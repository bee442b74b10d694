package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.PoolingShape;
import io.gradcast.engine.tensor.Shape;

/** What the poolings over windows have in common: their sizes. */
final class PoolingSizes {

  private PoolingSizes() {}

  static PoolingShape of(Shape input, int size, int stride) {
    return new PoolingShape(input.channels(), input.height(), input.width(), size, stride);
  }

  static Shape output(PoolingShape shape) {
    return new Shape(shape.channels(), shape.outHeight(), shape.outWidth());
  }

  /**
   * @throws GradcastException naming the layer where a window does not fit into its input, or no
   *     step leads to the next one
   */
  static void check(String name, String type, Shape input, PoolingShape shape) {
    int most = Math.min(input.height(), input.width());
    if (shape.size() < 1 || shape.size() > most) {
      throw GradcastException.usage(
          "layer %s (%s): expected a size from 1 to %d, that of its input %s, found %d"
              .formatted(name, type, most, input, shape.size()));
    }
    if (shape.stride() < 1) {
      throw GradcastException.usage(
          "layer %s (%s): expected a stride of 1 or more, found %d"
              .formatted(name, type, shape.stride()));
    }
  }
}
