package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;

/**
 * Binary cross-entropy of the sigmoid of each output: L = -sum_i (t(i) log p(i) + (1 - t(i)) log(1
 * - p(i))), p = sigmoid(out). Each class is a question of its own. Its gradient on the output is p
 * - t.
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
      int[] labels,
      int lanes,
      Lanes gradient,
      float[] loss) {
    kernels.binaryCrossEntropy(out, units, labels, lanes, gradient, loss);
  }

  @Override
  public void scores(Kernels kernels, Lanes out, int units) {
    kernels.sigmoidForward(out, units, out);
  }
}
