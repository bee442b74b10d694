package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;

/**
 * Cross-entropy of the softmax of the outputs: L = -sum_i t(i) log p(i), p = softmax(out), where t
 * is one-hot, smoothed to (1 - s) t(i) + s / units (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna,
 * "Rethinking the Inception Architecture for Computer Vision", CVPR 2016). Its gradient on the
 * output is p - t.
 *
 * @param smoothing s: from 0, less than 1
 */
public record SoftmaxCrossEntropy(float smoothing) implements Loss {

  public SoftmaxCrossEntropy {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw GradcastException.usage(
          "loss softmax-cross-entropy: expected a smoothing of 0 or more and less than 1, found "
              + smoothing);
    }
  }

  @Override
  public String name() {
    return "softmax-cross-entropy";
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
    kernels.softmaxCrossEntropy(out, units, targets.values(), lanes, smoothing, gradient, loss);
  }

  @Override
  public boolean takesSeveralLabels() {
    return false;
  }

  /** None: scores are shares of one label. */
  @Override
  public float threshold() {
    return Float.NaN;
  }

  @Override
  public void scores(Kernels kernels, Lanes out, int units) {
    kernels.softmaxForward(out, units, out);
  }
}
