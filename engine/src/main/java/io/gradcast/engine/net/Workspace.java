package io.gradcast.engine.net;

import io.gradcast.engine.data.Augmenter;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.layer.Buffers;
import io.gradcast.engine.layer.Pass;
import io.gradcast.engine.tensor.Shape;
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

  private final Shape shape;
  private final int classes;

  /** For the last recipe that was asked for. */
  private Recipe recipe;

  /** Null where its images stay as they are. */
  private Augmenter augmenter;

  /** An image that was varied; empty as long as none is. */
  private float[] image = {};

  public Workspace(Network network, Kernels kernels) {
    pass = new Pass(kernels);
    shape = network.input();
    classes = network.classes();
    Lanes.Arena arena = new Lanes.Arena();
    input = arena.take(network.input().size());
    buffers = network.chain().plan(arena, input, null, false);
  }

  /** Turns to a training. */
  void begin(Recipe newRecipe) {
    if (newRecipe.equals(recipe)) {
      return;
    }
    recipe = newRecipe;
    augmenter = null;
    if (!recipe.augmentation().isOff()) {
      augmenter = new Augmenter(recipe.augmentation(), shape, recipe.seed());
      image = new float[shape.size()];
    }
  }

  /** Lets go of the arrays of others, which may be large: a workspace waits for its next use. */
  void end() {
    pass.parameters = null;
    pass.sum = null;
  }

  /** Fills the input from the images of all lanes: in training as the recipe varies them. */
  void unpack(byte[] pixels) {
    if (!pass.training || augmenter == null) {
      pass.kernels.unpack(pixels, starts, shape.size(), input);
      return;
    }
    for (int lane = 0; lane < Kernels.LANES; lane++) {
      augmenter.apply(pixels, starts[lane], pass.epoch, pass.ids[lane], image);
      pass.kernels.unpack(image, lane, shape.size(), input);
    }
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
