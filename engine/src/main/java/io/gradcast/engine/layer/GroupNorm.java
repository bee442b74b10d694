package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.kernel.NormalizationShape;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Group normalisation (Wu and He, "Group Normalization", ECCV 2018): within each group of channels
 * of a sample, y = (x - mean) / sqrt(variance + epsilon) * weight + bias. There are no statistics
 * of a batch, so that a sample's arithmetic depends on no other sample.
 *
 * <p>Parameters: weight [channels], then bias [channels].
 *
 * @param shape all sizes; the input's are those of {@code input}
 */
public record GroupNorm(String name, Shape input, NormalizationShape shape) implements Layer {

  /** What keeps a constant group from a division by zero. */
  static final float EPSILON = 1e-5f;

  /**
   * @param groups a divisor of the channels; 1 normalises all of them together
   */
  public GroupNorm(String name, Shape input, int groups) {
    this(
        name,
        input,
        new NormalizationShape(
            input.channels(), input.height(), input.width(), groups, false, EPSILON));
  }

  public GroupNorm {
    int groups = shape.groups();
    if (groups < 1 || input.channels() % groups != 0) {
      throw GradcastException.usage(
          "layer %s (group-norm): expected a number of groups that divides the channels of its input %s, found %d"
              .formatted(name, input, groups));
    }
  }

  @Override
  public Shape output() {
    return input;
  }

  @Override
  public List<Tensor> tensors() {
    int channels = input.channels();
    return List.of(
        new Tensor(name + ".weight", List.of(channels), 0, i -> i),
        new Tensor(name + ".bias", List.of(channels), channels, i -> i));
  }

  /** Weights one, biases zero. */
  @Override
  public void initialize(long seed, int index, float[] parameters, int offset) {
    Arrays.fill(parameters, offset, offset + input.channels(), 1f);
  }

  /** Scratch: mean and 1 / sqrt(variance + epsilon) of each group. */
  @Override
  public Buffers plan(Lanes.Arena arena, Buffers given) {
    return given.with(arena.take(2 * shape.groups()));
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
