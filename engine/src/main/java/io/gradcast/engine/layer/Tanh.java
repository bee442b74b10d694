package io.gradcast.engine.layer;

import io.gradcast.engine.tensor.Shape;

/** The hyperbolic tangent, y = tanh(x), on every element. */
public record Tanh(String name, Shape input) implements Layer {

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

  /** y = tanh(x). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.tanhForward(at.in(), input.size(), at.out());
  }

  /** The factor 1 - y^2. */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.tanhBackward(at.out(), input.size(), at.outGradient(), at.inGradient());
    }
    return true;
  }
}
