package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.tensor.GradientSum;
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
public record Dense(String name, Shape input, int units) implements Layer {

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

  /** Weights uniform in the bounds of eq. (3), biases zero. */
  @Override
  public void initialize(long seed, int index, float[] parameters, int offset) {
    Uniform.fill(seed, index, input.size() + units, parameters, offset, units * input.size());
  }

  /** Eq. (12) before the sigmoid. */
  @Override
  public void forward(Kernels kernels, float[] parameters, int offset, Lanes in, Lanes out) {
    kernels.denseForward(in, input.size(), parameters, offset, units, out);
  }

  /** Weights by eq. (19), biases by (24), input by (30). */
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
    if (inGradient != null) {
      kernels.denseInputGradient(outGradient, input.size(), parameters, offset, units, inGradient);
    }
    long[] gradient = sum.gradient(parameters.length);
    return kernels.denseWeightGradient(
        in, input.size(), outGradient, units, gradient, offset, limit);
  }
}
