package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;

/** What training makes small: a function of a sample's output and labels. */
public sealed interface Loss permits BinaryCrossEntropy, SoftmaxCrossEntropy, SquaredError {

  /** The name in network texts. */
  String name();

  /**
   * Computes each sample's loss and its gradient on the output.
   *
   * @param out [units], a sample a lane
   * @param targets of the outputs
   * @param lanes how many lanes hold a sample; the others get no loss and no gradient
   * @param gradient of the loss on out, [units]; overwritten
   * @param loss one a lane; overwritten
   */
  void lossAndGradient(
      Kernels kernels,
      Lanes out,
      int units,
      Targets targets,
      int lanes,
      Lanes gradient,
      float[] loss);

  /** Whether a sample may have any number of labels; else it has exactly one. */
  boolean takesSeveralLabels();

  /**
   * The output above which a class is predicted, where a sample may have several labels: its score
   * is then above one half.
   */
  float threshold();

  /** Turns outputs into what people take for a score of each class, from 0 to 1, in place. */
  void scores(Kernels kernels, Lanes out, int units);
}
