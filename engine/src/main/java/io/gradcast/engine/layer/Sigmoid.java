package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;

/** The sigmoid of eq. (4), sigma(x) = 1 / (1 + exp(-x)), on every element, in place. */
public record Sigmoid(String name, Shape input) implements Layer {

  @Override
  public Shape output() {
    return input;
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  /** Eq. (4). */
  @Override
  public void forward(Kernels kernels, float[] parameters, int offset, Lanes in, Lanes out) {
    kernels.sigmoidForward(out, input.size());
  }

  /** The factor C (1 - C) of eqs. (17), (37) and (57). */
  @Override
  public boolean backward(
      Kernels kernels,
      float[] parameters,
      int offset,
      Lanes in,
      Lanes out,
      Lanes outGradient,
      Lanes inGradient,
      GradientSum sum,
      float limit) {
    kernels.sigmoidBackward(out, input.size(), outGradient);
    return true;
  }
}
