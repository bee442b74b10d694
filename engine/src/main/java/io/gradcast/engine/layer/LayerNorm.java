package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.kernel.NormalizationShape;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Layer normalisation (Ba, Kiros and Hinton, "Layer Normalization", 2016): over all elements of a
 * sample, y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with a weight and a bias for
 * each element.
 *
 * <p>Parameters: weight [channels][height][width], then bias of the same shape.
 *
 * @param shape all sizes; the input's are those of {@code input}
 */
public record LayerNorm(String name, Shape input, NormalizationShape shape) implements Layer {

  public LayerNorm(String name, Shape input) {
    this(
        name,
        input,
        new NormalizationShape(
            input.channels(), input.height(), input.width(), 1, true, GroupNorm.EPSILON));
  }

  @Override
  public Shape output() {
    return input;
  }

  @Override
  public List<Tensor> tensors() {
    List<Integer> sides = List.of(input.channels(), input.height(), input.width());
    return List.of(
        new Tensor(name + ".weight", sides, 0, i -> i),
        new Tensor(name + ".bias", sides, input.size(), i -> i));
  }

  /** Weights one, biases zero. */
  @Override
  public void initialize(long seed, int index, float[] parameters, int offset) {
    Arrays.fill(parameters, offset, offset + input.size(), 1f);
  }

  /** Scratch: mean and 1 / sqrt(variance + epsilon). */
  @Override
  public Buffers plan(Lanes.Arena arena, Buffers given) {
    return given.with(arena.take(2));
  }

  /** y = xhat * weight + bias. */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.normalizationForward(
        shape, at.in(), pass.parameters, offset, at.scratch(), at.out());
  }

  /** With g = outGradient * weight: (g - mean of g - xhat * mean of g xhat) / sqrt(variance). */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.normalizationInputGradient(
          shape, at.in(), pass.parameters, offset, at.scratch(), at.outGradient(), at.inGradient());
    }
    return pass.kernels.normalizationWeightGradient(
        shape, at.in(), at.scratch(), at.outGradient(), pass.gradient(), offset, pass.limit);
  }
}
