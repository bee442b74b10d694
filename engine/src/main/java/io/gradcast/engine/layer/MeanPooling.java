package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.PoolingShape;
import io.gradcast.engine.tensor.Shape;

/**
 * Mean over blocks of size x size (eqs. 6 and 9):
 *
 * <p>S(i, j) = 1/4 sum_u sum_v C(2i - u, 2j - v), for size 2.
 *
 * @param size side of a block, in rows and columns; divides the input's height and width
 */
public record MeanPooling(String name, Shape input, int size) implements Layer {

  public MeanPooling {
    if (size < 1 || input.height() % size != 0 || input.width() % size != 0) {
      throw GradcastException.usage(
          "layer %s (mean-pool): expected a size that divides the height and width of its input %s, found %d"
              .formatted(name, input, size));
    }
  }

  @Override
  public Shape output() {
    return new Shape(input.channels(), input.height() / size, input.width() / size);
  }

  private PoolingShape shape() {
    return new PoolingShape(input.channels(), input.height(), input.width(), size, size);
  }

  /** Eqs. (6) and (9). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.meanPoolingForward(shape(), at.in(), at.out());
  }

  /** Upsampling, eqs. (32) and (52). */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.meanPoolingBackward(shape(), at.outGradient(), at.inGradient());
    }
    return true;
  }
}
