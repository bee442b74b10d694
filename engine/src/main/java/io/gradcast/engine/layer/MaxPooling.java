package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.PoolingShape;
import io.gradcast.engine.tensor.Shape;

/**
 * Maximum over windows of size x size (Ranzato, Huang, Boureau and LeCun 2007, "Unsupervised
 * learning of invariant feature hierarchies with applications to object recognition"):
 *
 * <p>out_c(y, x) = max_u max_v in_c(y s + u, x s + v), u and v from 0, with stride s.
 *
 * <p>Rows and columns behind the last whole window are left out. What is not a number is the
 * maximum of every window that it is in.
 *
 * @param shape all sizes; the input's are those of {@code input}
 */
public record MaxPooling(String name, Shape input, PoolingShape shape) implements Layer {

  /**
   * @param size rows and columns of a window, at most the input's
   * @param stride at least 1
   */
  public MaxPooling(String name, Shape input, int size, int stride) {
    this(name, input, PoolingSizes.of(input, size, stride));
  }

  public MaxPooling {
    PoolingSizes.check(name, "max-pool", input, shape);
  }

  @Override
  public Shape output() {
    return PoolingSizes.output(shape);
  }

  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.maxPoolingForward(shape, at.in(), at.out());
  }

  /**
   * The gradient of a window goes to its maximum, to the first of several row by row. It is found
   * again in the input, since a layer behind this one may have changed the output in place.
   */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.maxPoolingBackward(shape, at.in(), at.outGradient(), at.inGradient());
    }
    return true;
  }
}
