package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;

/** What training makes small: a function of a sample's output and label. */
public sealed interface Loss permits BinaryCrossEntropy, SoftmaxCrossEntropy, SquaredError {

  /** The name in network texts. */
  String name();

  /**
   * Computes each sample's loss and its gradient on the output.
   *
   * @param out [units], a sample a lane
   * @param labels class of each lane's sample
   * @param lanes how many lanes hold a sample; the others get no loss and no gradient
   * @param gradient of the loss on out, [units]; overwritten
   * @param loss one a lane; overwritten
   */
  void lossAndGradient(
      Kernels kernels, Lanes out, int units, int[] labels, int lanes, Lanes gradient, float[] loss);

  /** Turns outputs into what people take for a score of each class, from 0 to 1, in place. */
  void scores(Kernels kernels, Lanes out, int units);
}
