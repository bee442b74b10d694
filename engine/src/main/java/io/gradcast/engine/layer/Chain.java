package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Layers of which each takes what the one before it gives. It may be empty. */
public final class Chain {

  /** The result of a backward pass in which all gradients were in range. */
  public static final int IN_RANGE = -1;

  /** Parameters that one network may have: 1 GiB of them. */
  private static final long MOST_PARAMETERS = 1L << 28;

  private final Shape output;
  private final List<Layer> layers;
  private final int[] offsets;
  private final List<Tensor> tensors;
  private final int parameterCount;

  public Chain(Shape input, List<Layer> layers) {
    this.layers = List.copyOf(layers);
    output = layers.isEmpty() ? input : layers.get(layers.size() - 1).output();
    offsets = new int[layers.size()];
    tensors = new ArrayList<>();
    long count = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = (int) count;
      for (Tensor tensor : layers.get(i).tensors()) {
        tensors.add(inFileOrder(tensor, i).shifted(offsets[i]));
        count += tensor.size();
      }
      if (count > MOST_PARAMETERS) {
        throw GradcastException.usage(
            "expected at most %d parameters, found %d up to layer %s"
                .formatted(MOST_PARAMETERS, count, layers.get(i).name()));
      }
    }
    parameterCount = (int) count;
  }

  /** Model files know no column scan: behind one, the columns of a weight are put row-major. */
  private Tensor inFileOrder(Tensor tensor, int layer) {
    if (layer > 0
        && layers.get(layer - 1) instanceof Flatten flatten
        && tensor.shape().size() == 2) {
      int columns = flatten.output().size();
      return new Tensor(
          tensor.name(),
          tensor.shape(),
          tensor.offset(),
          i -> i / columns * columns + flatten.position(i % columns));
    }
    return tensor;
  }

  public List<Layer> layers() {
    return layers;
  }

  public int parameterCount() {
    return parameterCount;
  }

  public Shape output() {
    return output;
  }

  /** All parameters, at offsets from the chain's first. */
  public List<Tensor> tensors() {
    return List.copyOf(tensors);
  }

  /**
   * Sets the initial parameters.
   *
   * @param first index of the first layer
   */
  public void initialize(long seed, int first, float[] parameters, int offset) {
    for (int i = 0; i < offsets.length; i++) {
      layers.get(i).initialize(seed, first + i, parameters, offset + offsets[i]);
    }
  }

  /**
   * Plans the buffers of each layer. Memory is shared where layers work in place.
   *
   * @param in of the first layer
   * @param inGradient of the first layer; null where nobody needs it
   * @param keepsInput whether {@code in} is needed by others after the forward pass
   */
  public List<Buffers> plan(Lanes.Arena arena, Lanes in, Lanes inGradient, boolean keepsInput) {
    List<Buffers> buffers = new ArrayList<>();
    Lanes from = in;
    Lanes gradient = inGradient;
    boolean needed = inGradient != null;
    boolean free = !keepsInput;
    for (int i = 0; i < offsets.length; i++) {
      Layer layer = layers.get(i);
      int size = layer.output().size();
      Lanes to = layer.inPlace() && free ? from : arena.take(size);
      needed |= !layer.tensors().isEmpty();
      Lanes outGradient = null;
      if (needed || i == offsets.length - 1) {
        outGradient = layer.inPlace() && gradient != null ? gradient : arena.take(size);
      }
      buffers.add(layer.plan(arena, new Buffers(from, to, outGradient, gradient)));
      from = to;
      gradient = outGradient;
      free = !layer.needsOutput();
    }
    return List.copyOf(buffers);
  }

  /** Computes the output of each layer. */
  public void forward(Pass pass, int offset, List<Buffers> buffers) {
    for (int i = 0; i < offsets.length; i++) {
      layers.get(i).forward(pass, offset + offsets[i], buffers.get(i));
    }
  }

  /**
   * Computes the gradients of each layer, from that on the last one's output.
   *
   * @return the first layer, in the order of the chain, of which a gradient was out of range, or
   *     {@link #IN_RANGE}
   */
  public int backward(Pass pass, int offset, List<Buffers> buffers) {
    int worst = IN_RANGE;
    for (int i = offsets.length - 1; i >= 0; i--) {
      if (buffers.get(i).outGradient() != null
          && !layers.get(i).backward(pass, offset + offsets[i], buffers.get(i))) {
        worst = i;
      }
    }
    return worst;
  }
}
