package io.gradcast.engine.net;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.layer.Layer;
import java.util.List;

/**
 * All memory that one thread needs for a step, planned from the network's shapes and allocated
 * once. Owned by the caller; never shared between threads.
 */
public final class Workspace {

  final Kernels kernels;

  /** Input of each layer, and last the network's output; a layer in place shares its input's. */
  final Lanes[] activations;

  /** Gradient on each; null where none is needed: up to the first layer that has parameters. */
  final Lanes[] gradients;

  final int[] starts = new int[Kernels.LANES];
  final int[] labels = new int[Kernels.LANES];
  final float[] losses = new float[Kernels.LANES];

  private final int classes;

  public Workspace(Network network, Kernels kernels) {
    this.kernels = kernels;
    List<Layer> layers = network.layers();
    classes = network.classes();
    activations = new Lanes[layers.size() + 1];
    gradients = new Lanes[layers.size() + 1];
    Lanes.Arena arena = new Lanes.Arena();
    activations[0] = arena.take(network.input().size());
    boolean needed = false;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      needed |= !layer.tensors().isEmpty();
      int size = layer.output().size();
      activations[i + 1] = layer.inPlace() ? activations[i] : arena.take(size);
      if (needed) {
        boolean shared = layer.inPlace() && gradients[i] != null;
        gradients[i + 1] = shared ? gradients[i] : arena.take(size);
      }
    }
    if (!needed) {
      gradients[layers.size()] = arena.take(classes);
    }
  }

  /** Activations behind a layer, by its index, batch-innermost; the input is at -1. */
  public Lanes activation(int layer) {
    return activations[layer + 1];
  }

  /** The output of the network, [classes]. */
  public Lanes output() {
    return activations[activations.length - 1];
  }

  Lanes outputGradient() {
    return gradients[gradients.length - 1];
  }

  /** The class with the greatest output of a lane; the lower one of equals. */
  public int predicted(int lane) {
    Lanes output = output();
    int best = 0;
    for (int i = 1; i < classes; i++) {
      if (output.get(i, lane) > output.get(best, lane)) {
        best = i;
      }
    }
    return best;
  }
}
