package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.tensor.Shape;

/**
 * The sigmoid linear unit on every element: y = x sigma(x) (Elfwing, Uchibe and Doya,
 * "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement
 * Learning", Neural Networks 107, 2018; also known as swish).
 */
public record Silu(String name, Shape input) implements Layer {

  @Override
  public Shape output() {
    return input;
  }

  /** Scratch: sigma(x). */
  @Override
  public Buffers plan(Lanes.Arena arena, Buffers given) {
    return given.with(arena.take(input.size()));
  }

  /** y = x sigma(x). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.sigmoidForward(at.in(), input.size(), at.scratch());
    pass.kernels.multiply(at.in(), at.scratch(), input.size(), at.out());
  }

  /** g x sigma(x) (1 - sigma(x)) + g sigma(x), g being the gradient on y, which is used up. */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      int size = input.size();
      pass.kernels.multiply(at.outGradient(), at.in(), size, at.inGradient());
      pass.kernels.sigmoidBackward(at.scratch(), size, at.inGradient(), at.inGradient());
      pass.kernels.multiply(at.outGradient(), at.scratch(), size, at.outGradient());
      pass.kernels.add(at.inGradient(), at.outGradient(), size, at.inGradient());
    }
    return true;
  }
}
