package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;

/**
 * Binary cross-entropy of the sigmoid of each output: L = -sum_i (t(i) log p(i) + (1 - t(i)) log(1
 * - p(i))), p = sigmoid(out). Each class is a question of its own, so that a sample may have any
 * number of labels; with class weights each term is multiplied by that of its class. Its gradient
 * on the output is p - t.
 */
public record BinaryCrossEntropy() implements Loss {

  @Override
  public String name() {
    return "binary-cross-entropy";
  }

  @Override
  public void lossAndGradient(
      Kernels kernels,
      Lanes out,
      int units,
      Targets targets,
      int lanes,
      Lanes gradient,
      float[] loss) {
    kernels.binaryCrossEntropy(
        out, units, targets.values(), targets.weights(), lanes, gradient, loss);
  }

  @Override
  public boolean takesSeveralLabels() {
    return true;
  }

  @Override
  public float threshold() {
    return 0;
  }

  @Override
  public void scores(Kernels kernels, Lanes out, int units) {
    kernels.sigmoidForward(out, units, out);
  }
}
