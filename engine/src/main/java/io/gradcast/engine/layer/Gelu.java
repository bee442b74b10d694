package io.gradcast.engine.layer;

import io.gradcast.engine.tensor.Shape;

/**
 * The Gaussian error linear unit on every element: y = x Phi(x), Phi being the normal distribution
 * (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016; not its approximation by tanh).
 */
public record Gelu(String name, Shape input) implements Layer {

  @Override
  public Shape output() {
    return input;
  }

  /** y = x Phi(x). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.geluForward(at.in(), input.size(), at.out());
  }

  /** The factor Phi(x) + x Phi'(x). */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.geluBackward(at.in(), input.size(), at.outGradient(), at.inGradient());
    }
    return true;
  }
}
