package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.List;

/**
 * Fully connected layer, W f + b (eq. 12, without the sigmoid). Maps are taken as a vector in
 * row-major order; a {@link Flatten} before it makes that the paper's column scan.
 *
 * <p>Parameters: weight [units][inputs], then bias [units].
 *
 * @param units outputs, at least 1
 */
public record Dense(String name, Shape input, int units, Initialization initialization)
    implements Layer {

  /** With the paper's initial weights. */
  public Dense(String name, Shape input, int units) {
    this(name, input, units, Initialization.GLOROT_UNIFORM);
  }

  public Dense {
    if (units < 1) {
      throw GradcastException.usage(
          "layer %s (dense): expected units of 1 or more, found %d".formatted(name, units));
    }
  }

  @Override
  public Shape output() {
    return Shape.vector(units);
  }

  @Override
  public List<Tensor> tensors() {
    int weights = units * input.size();
    return List.of(
        new Tensor(name + ".weight", List.of(units, input.size()), 0, i -> i),
        new Tensor(name + ".bias", List.of(units), weights, i -> i));
  }

  /** Weights by default in the bounds of eq. (3), biases zero. */
  @Override
  public void initialize(long seed, int index, float[] parameters, int offset) {
    int count = units * input.size();
    initialization.fill(seed, index, input.size(), units, parameters, offset, count);
  }

  /** Eq. (12) before the sigmoid. */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.denseForward(at.in(), input.size(), pass.parameters, offset, units, at.out());
  }

  /** Weights by eq. (19), biases by (24), input by (30). */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.denseInputGradient(
          at.outGradient(), input.size(), pass.parameters, offset, units, at.inGradient());
    }
    return pass.kernels.denseWeightGradient(
        at.in(), input.size(), at.outGradient(), units, pass.gradient(), offset, pass.limit);
  }
}
