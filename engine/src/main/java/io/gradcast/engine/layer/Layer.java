package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.List;

/**
 * One layer of a network, bound to its input shape: a stateless record that checks its sizes when
 * it is made and computes through {@link Kernels} afterwards. The {@code permits} list is the
 * index.
 *
 * <p>Activations and gradients hold {@value Kernels#LANES} samples, batch-innermost, and belong to
 * the caller. A layer's parameters start at {@code offset} of the array of all parameters.
 */
public sealed interface Layer permits Convolution, MeanPooling, Flatten, Dense, Sigmoid {

  /** The name in messages and tensors, unique in the network. */
  String name();

  Shape input();

  Shape output();

  /** Its parameters, at offsets from the layer's first. */
  default List<Tensor> tensors() {
    return List.of();
  }

  /** Whether out and in, and their gradients, are the same elements. */
  default boolean inPlace() {
    return false;
  }

  /**
   * Sets the initial parameters, a function of the seed and the layer's index alone.
   *
   * @param index of the layer in the network
   */
  default void initialize(long seed, int index, float[] parameters, int offset) {}

  /**
   * Computes the layer's output.
   *
   * @param in shaped as {@link #input}
   * @param out shaped as {@link #output}; overwritten
   */
  void forward(Kernels kernels, float[] parameters, int offset, Lanes in, Lanes out);

  /**
   * Computes the gradients of the loss on the input and, added to a sum, on the parameters.
   *
   * @param outGradient of the loss on {@code out}, a sample a lane
   * @param inGradient of the loss on {@code in}; overwritten, or null where nobody needs it
   * @param sum to which each sample's gradient on the parameters is added
   * @param limit of a gradient's magnitude
   * @return whether all gradients were finite and within the limit
   */
  boolean backward(
      Kernels kernels,
      float[] parameters,
      int offset,
      Lanes in,
      Lanes out,
      Lanes outGradient,
      Lanes inGradient,
      GradientSum sum,
      float limit);
}
