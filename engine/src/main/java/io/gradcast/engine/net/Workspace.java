package io.gradcast.engine.net;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.layer.Buffers;
import io.gradcast.engine.layer.Pass;
import java.util.List;

/**
 * All memory that one thread needs for a step, planned from the network's shapes and allocated
 * once. Owned by the caller; never shared between threads.
 */
public final class Workspace {

  final Pass pass;

  /** Of the first layer; where that works in place, its output takes its place. */
  final Lanes input;

  /** One for each layer. */
  final List<Buffers> buffers;

  final int[] starts = new int[Kernels.LANES];
  final int[] labels = new int[Kernels.LANES];
  final float[] losses = new float[Kernels.LANES];

  /** The class weight of each lane's sample. */
  final float[] weights = new float[Kernels.LANES];

  private final int classes;

  public Workspace(Network network, Kernels kernels) {
    pass = new Pass(kernels);
    classes = network.classes();
    Lanes.Arena arena = new Lanes.Arena();
    input = arena.take(network.input().size());
    buffers = network.chain().plan(arena, input, null, false);
  }

  /** Activations behind a layer, by its index, batch-innermost; the input is at -1. */
  public Lanes activation(int layer) {
    return layer < 0 ? input : buffers.get(layer).out();
  }

  /** The output of the network, [classes]. */
  public Lanes output() {
    return buffers.get(buffers.size() - 1).out();
  }

  Lanes outputGradient() {
    return buffers.get(buffers.size() - 1).outGradient();
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
