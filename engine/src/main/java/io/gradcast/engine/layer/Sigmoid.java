package io.gradcast.engine.layer;

import io.gradcast.engine.tensor.Shape;

/** The sigmoid of eq. (4), sigma(x) = 1 / (1 + exp(-x)), on every element. */
public record Sigmoid(String name, Shape input) implements Layer {

  @Override
  public Shape output() {
    return input;
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  @Override
  public boolean needsOutput() {
    return true;
  }

  /** Eq. (4). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.sigmoidForward(at.in(), input.size(), at.out());
  }

  /** The factor C (1 - C) of eqs. (17), (37) and (57). */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.sigmoidBackward(at.out(), input.size(), at.outGradient(), at.inGradient());
    }
    return true;
  }
}
