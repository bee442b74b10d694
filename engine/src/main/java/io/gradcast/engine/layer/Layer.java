package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
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
public sealed interface Layer
    permits Convolution,
        Dense,
        Dropout,
        Flatten,
        Gelu,
        GlobalMeanPooling,
        GroupNorm,
        LayerNorm,
        MaxPooling,
        MeanPooling,
        Relu,
        Residual,
        Sigmoid,
        Silu,
        Softmax,
        Tanh {

  /** The name in messages and tensors, unique in the network. */
  String name();

  Shape input();

  Shape output();

  /** Its parameters, at offsets from the layer's first. */
  default List<Tensor> tensors() {
    return List.of();
  }

  /** Whether out may take the place of in, and so may their gradients. */
  default boolean inPlace() {
    return false;
  }

  /** Whether backward reads out, so that the next layer must not take its place. */
  default boolean needsOutput() {
    return false;
  }

  /**
   * Sets the initial parameters, a function of the seed and the layer's index alone.
   *
   * @param index of the layer in the network
   */
  default void initialize(long seed, int index, float[] parameters, int offset) {}

  /** Plans what it needs beside its input and output, which are given. */
  default Buffers plan(Lanes.Arena arena, Buffers given) {
    return given;
  }

  /** Computes the layer's output. */
  void forward(Pass pass, int offset, Buffers at);

  /**
   * Computes the gradients of the loss on the input and, added to the sum of the pass, on the
   * parameters.
   *
   * @return whether all gradients on parameters were finite and within the limit
   */
  boolean backward(Pass pass, int offset, Buffers at);
}
