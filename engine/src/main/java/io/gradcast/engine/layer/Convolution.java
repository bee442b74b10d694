package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.List;

/**
 * True convolution with a bias, keeping the part computed without padded edges (Zhang 2016, eqs. 5
 * and 8, without the sigmoid, which is a layer of its own):
 *
 * <p>out_q(i, j) = sum_p sum_u sum_v in_p(i - u, j - v) k_pq(u, v) + b_q.
 *
 * <p>Parameters: weight [maps][channels][kernel][kernel] in the paper's orientation, then bias
 * [maps]. In model files the kernels are turned by 180 degrees, for cross-correlation.
 *
 * @param maps output maps, at least 1
 * @param kernel height and width of the kernel, at most the input's
 */
public record Convolution(String name, Shape input, int maps, int kernel) implements Layer {

  public Convolution {
    if (maps < 1) {
      throw GradcastException.usage(
          "layer %s (conv): expected maps of 1 or more, found %d".formatted(name, maps));
    }
    if (kernel < 1 || kernel > Math.min(input.height(), input.width())) {
      throw GradcastException.usage(
          "layer %s (conv): expected a kernel from 1 to %d, the smaller side of its input %s, found %d"
              .formatted(name, Math.min(input.height(), input.width()), input, kernel));
    }
  }

  @Override
  public Shape output() {
    return new Shape(maps, input.height() - kernel + 1, input.width() - kernel + 1);
  }

  @Override
  public List<Tensor> tensors() {
    int taps = kernel * kernel;
    int weights = maps * input.channels() * taps;
    return List.of(
        new Tensor(
            name + ".weight",
            List.of(maps, input.channels(), kernel, kernel),
            0,
            i -> i / taps * taps + (taps - 1 - i % taps)),
        new Tensor(name + ".bias", List.of(maps), weights, i -> i));
  }

  /** Weights uniform in the bounds of eqs. (1) and (2), biases zero. */
  @Override
  public void initialize(long seed, int index, float[] parameters, int offset) {
    int taps = kernel * kernel;
    int weights = maps * input.channels() * taps;
    Uniform.fill(seed, index, (input.channels() + maps) * taps, parameters, offset, weights);
  }

  /** Eqs. (5) and (8) before the sigmoid, which is eq. (38). */
  @Override
  public void forward(Kernels kernels, float[] parameters, int offset, float[] in, float[] out) {
    kernels.convolutionForward(
        in, input.channels(), input.height(), input.width(), parameters, offset, maps, kernel, out);
  }

  /**
   * Kernels by eqs. (40) and (59), biases by (45) and (64), input by (51), where {@code
   * outGradient} is the error before the sigmoid, (37) and (57).
   */
  @Override
  public boolean backward(
      Kernels kernels,
      float[] parameters,
      int offset,
      float[] in,
      float[] out,
      float[] outGradient,
      float[] inGradient,
      GradientSum sum,
      float limit) {
    if (inGradient != null) {
      kernels.convolutionInputGradient(
          outGradient,
          input.channels(),
          input.height(),
          input.width(),
          parameters,
          offset,
          maps,
          kernel,
          inGradient);
    }
    return kernels.convolutionWeightGradient(
        in,
        input.channels(),
        input.height(),
        input.width(),
        outGradient,
        maps,
        kernel,
        sum.gradient(parameters.length),
        offset,
        limit);
  }
}
