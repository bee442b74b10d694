package io.gradcast.engine.layer;

import io.gradcast.engine.tensor.Shape;

/**
 * The softmax over all elements: y(i) = exp(x(i)) / sum of exp(x(j)). Not needed before the loss
 * softmax-cross-entropy, which has its own.
 */
public record Softmax(String name, Shape input) implements Layer {

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

  /** y(i) = exp(x(i)) / sum of exp(x(j)). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.softmaxForward(at.in(), input.size(), at.out());
  }

  /** y(i) (g(i) - sum of g(j) y(j)), g being the gradient on y. */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.softmaxBackward(at.out(), input.size(), at.outGradient(), at.inGradient());
    }
    return true;
  }
}
