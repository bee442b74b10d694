package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;

/**
 * Squared error (eq. 13): L = 1/2 sum_i (out(i) - y(i))^2, y being 1 for the classes of a sample,
 * usually one, else 0. Its gradient on the output is the factor out - y of eq. (17). The loss of a
 * minibatch is the mean over its samples.
 */
public record SquaredError() implements Loss {

  @Override
  public String name() {
    return "squared-error";
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
    kernels.squaredError(out, units, targets.values(), targets.weights(), lanes, gradient, loss);
  }

  @Override
  public boolean takesSeveralLabels() {
    return true;
  }

  @Override
  public float threshold() {
    return 0.5f;
  }

  /** Outputs are scores already, behind a sigmoid. */
  @Override
  public void scores(Kernels kernels, Lanes out, int units) {}
}
