package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.PoolingShape;
import io.gradcast.engine.tensor.Shape;

/**
 * Mean over windows of size x size; with a stride of the size, over blocks (eqs. 6 and 9):
 *
 * <p>S(i, j) = 1/4 sum_u sum_v C(2i - u, 2j - v), for size 2.
 *
 * <p>Rows and columns behind the last whole window are left out.
 *
 * @param shape all sizes; the input's are those of {@code input}
 */
public record MeanPooling(String name, Shape input, PoolingShape shape) implements Layer {

  /**
   * @param size rows and columns of a window, at most the input's
   * @param stride at least 1
   */
  public MeanPooling(String name, Shape input, int size, int stride) {
    this(name, input, PoolingSizes.of(input, size, stride));
  }

  public MeanPooling {
    PoolingSizes.check(name, "mean-pool", input, shape);
  }

  @Override
  public Shape output() {
    return PoolingSizes.output(shape);
  }

  /** Eqs. (6) and (9). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.meanPoolingForward(shape, at.in(), at.out());
  }

  /** Upsampling, eqs. (32) and (52). */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.meanPoolingBackward(shape, at.outGradient(), at.inGradient());
    }
    return true;
  }
}
