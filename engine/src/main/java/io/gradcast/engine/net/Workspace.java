package io.gradcast.engine.net;

import io.gradcast.engine.data.Augmenter;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.layer.Buffers;
import io.gradcast.engine.layer.Pass;
import io.gradcast.engine.layer.Targets;
import io.gradcast.engine.tensor.Shape;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

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

  /** The class of each lane's sample, where samples have one. */
  final int[] labels = new int[Kernels.LANES];

  final Targets targets;
  final float[] losses = new float[Kernels.LANES];

  /** The class weight of each lane's sample. */
  final float[] weights = new float[Kernels.LANES];

  private final Shape shape;
  private final int classes;
  private final boolean severalLabels;
  private final float threshold;

  // Of one lane's sample, for each class.
  private final float[] outputs;
  private final boolean[] labelled;
  private final boolean[] predicted;

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
    severalLabels = network.spec().severalLabels();
    threshold = network.spec().loss().threshold();
    outputs = new float[classes];
    labelled = new boolean[classes];
    predicted = new boolean[classes];
    targets = new Targets(Lanes.of(classes), network.termWeights());
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

  /** Sets what a lane's outputs are to become. */
  void setTarget(int lane, Samples samples, int row) {
    for (int i = 0; i < classes; i++) {
      targets.values().set(i, lane, samples.has(row, i) ? 1 : 0);
    }
    if (!severalLabels) {
      labels[lane] = samples.label(row);
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

  /**
   * The classes that the output of a lane predicts: that of its greatest element, or, where samples
   * may have several labels, all whose elements are above the loss's threshold, ascending.
   */
  public int[] prediction(int lane) {
    return severalLabels
        ? IntStream.range(0, classes).filter(i -> isPredicted(i, lane)).toArray()
        : new int[] {predicted(lane)};
  }

  private boolean isPredicted(int index, int lane) {
    return output().get(index, lane) > threshold;
  }

  /**
   * Whether a lane's sample has the label, or all labels, that its output predicts, and no other.
   */
  public boolean isRight(int lane) {
    if (!severalLabels) {
      return predicted(lane) == labels[lane];
    }
    boolean right = true;
    for (int i = 0; i < classes; i++) {
      right &= isPredicted(i, lane) == targets.values().get(i, lane) > 0;
    }
    return right;
  }

  /** Adds a lane's sample, whose loss is known, to an evaluation. */
  void addTo(Evaluation evaluation, int lane) {
    if (severalLabels) {
      readSets(lane);
      evaluation.add(labelled, predicted, losses[lane]);
    } else {
      evaluation.add(labels[lane], predicted(lane), losses[lane]);
    }
  }

  /** Adds a lane's sample, whose loss is known, to an examination. */
  void addTo(Examination examination, int lane, float[] scores, Supplier<byte[]> picture) {
    long id = pass.ids[lane];
    if (severalLabels) {
      readSets(lane);
      examination.add(id, labelled, predicted, scores, losses[lane], picture);
    } else {
      output().copyLane(lane, outputs);
      examination.add(id, labels[lane], predicted(lane), outputs, scores, losses[lane], picture);
    }
  }

  private void readSets(int lane) {
    for (int i = 0; i < classes; i++) {
      labelled[i] = targets.values().get(i, lane) > 0;
      predicted[i] = isPredicted(i, lane);
    }
  }

  /** The class with the greatest output of a lane; the lower one of equals. */
  private int predicted(int lane) {
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
