package io.gradcast.engine.net;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.layer.Layer;
import java.util.List;

/**
 * All memory that one thread needs for a step, planned from the network's shapes and allocated
 * once. Owned by the caller; never shared between threads.
 */
public final class Workspace {

  final Kernels kernels;

  /** Input of each layer, and last the network's output; a layer in place shares its input's. */
  final float[][] activations;

  /** Gradient on each; null where none is needed: up to the first layer that has parameters. */
  final float[][] gradients;

  final int[] starts = new int[Kernels.LANES];
  final int[] labels = new int[Kernels.LANES];
  final float[] losses = new float[Kernels.LANES];

  private final int classes;

  public Workspace(Network network, Kernels kernels) {
    this.kernels = kernels;
    List<Layer> layers = network.layers();
    classes = network.classes();
    activations = new float[layers.size() + 1][];
    gradients = new float[layers.size() + 1][];
    activations[0] = new float[network.input().size() * Kernels.LANES];
    boolean needed = false;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      needed |= !layer.tensors().isEmpty();
      int size = layer.output().size() * Kernels.LANES;
      activations[i + 1] = layer.inPlace() ? activations[i] : new float[size];
      if (needed) {
        gradients[i + 1] = layer.inPlace() && gradients[i] != null ? gradients[i] : new float[size];
      }
    }
    if (!needed) {
      gradients[layers.size()] = new float[classes * Kernels.LANES];
    }
  }

  /** Activations behind a layer, by its index, batch-innermost; the input is at -1. */
  public float[] activation(int layer) {
    return activations[layer + 1];
  }

  /** The output of the network, [classes][{@value Kernels#LANES}]. */
  public float[] output() {
    return activations[activations.length - 1];
  }

  float[] outputGradient() {
    return gradients[gradients.length - 1];
  }

  /** The class with the greatest output of a lane; the lower one of equals. */
  public int predicted(int lane) {
    float[] output = output();
    int best = 0;
    for (int i = 1; i < classes; i++) {
      if (output[i * Kernels.LANES + lane] > output[best * Kernels.LANES + lane]) {
        best = i;
      }
    }
    return best;
  }
}
