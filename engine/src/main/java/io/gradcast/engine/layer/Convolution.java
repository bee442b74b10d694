package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.ConvolutionShape;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.List;

/**
 * True convolution with a bias (Zhang 2016, eqs. 5 and 8, without the sigmoid, which is a layer of
 * its own):
 *
 * <p>out_q(i, j) = sum_p sum_u sum_v in_p(i - u, j - v) k_pq(u, v) + b_q.
 *
 * <p>With a stride s and no padding it keeps every s-th row and column of the part computed without
 * padded edges, which is the paper's; padding puts zeros around the input first.
 *
 * <p>Parameters: weight [maps][channels][kernelHeight][kernelWidth] in the paper's orientation,
 * then bias [maps]. In model files the kernels are turned by 180 degrees, for cross-correlation.
 *
 * @param shape all sizes; the input's are those of {@code input}
 */
public record Convolution(
    String name, Shape input, ConvolutionShape shape, Initialization initialization)
    implements Layer {

  /**
   * @param maps output maps, at least 1
   * @param kernelHeight rows of a kernel, at most the padded input's
   * @param kernelWidth columns of a kernel, at most the padded input's
   * @param stride at least 1
   * @param padding rows and columns of zeros on each side, less than the kernel's
   */
  public Convolution(
      String name,
      Shape input,
      int maps,
      int kernelHeight,
      int kernelWidth,
      int stride,
      int padding) {
    this(
        name,
        input,
        new ConvolutionShape(
            input.channels(),
            input.height(),
            input.width(),
            maps,
            kernelHeight,
            kernelWidth,
            stride,
            padding),
        Initialization.GLOROT_UNIFORM);
  }

  /** The same with other initial weights. */
  public Convolution with(Initialization other) {
    return new Convolution(name, input, shape, other);
  }

  public Convolution {
    require(name, shape.maps() >= 1, "maps of 1 or more", shape.maps());
    require(name, shape.stride() >= 1, "a stride of 1 or more", shape.stride());
    String kernel = shape.kernelHeight() + "x" + shape.kernelWidth();
    int smaller = Math.min(shape.kernelHeight(), shape.kernelWidth());
    require(name, smaller >= 1, "a kernel of 1 or more rows and columns", kernel);
    require(
        name,
        shape.padding() >= 0 && shape.padding() < smaller,
        "a padding from 0 to %d, less than the kernel %s".formatted(smaller - 1, kernel),
        shape.padding());
    long height = input.height() + 2L * shape.padding();
    long width = input.width() + 2L * shape.padding();
    require(
        name,
        shape.kernelHeight() <= height && shape.kernelWidth() <= width,
        "a kernel of at most %dx%d, its input %s with its padding".formatted(height, width, input),
        kernel);
  }

  private static void require(String name, boolean holds, String expected, Object found) {
    if (!holds) {
      throw GradcastException.usage(
          "layer %s (conv): expected %s, found %s".formatted(name, expected, found));
    }
  }

  @Override
  public Shape output() {
    return new Shape(shape.maps(), shape.outHeight(), shape.outWidth());
  }

  @Override
  public List<Tensor> tensors() {
    int area = shape.area();
    return List.of(
        new Tensor(
            name + ".weight",
            List.of(shape.maps(), shape.channels(), shape.kernelHeight(), shape.kernelWidth()),
            0,
            i -> i / area * area + (area - 1 - i % area)),
        new Tensor(name + ".bias", List.of(shape.maps()), shape.maps() * shape.taps(), i -> i));
  }

  /** Weights by default in the bounds of eqs. (1) and (2), biases zero. */
  @Override
  public void initialize(long seed, int index, float[] parameters, int offset) {
    long fanOut = (long) shape.maps() * shape.area();
    int count = shape.maps() * shape.taps();
    initialization.fill(seed, index, shape.taps(), fanOut, parameters, offset, count);
  }

  /** Eqs. (5) and (8) before the sigmoid, which is eq. (38). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.convolutionForward(shape, at.in(), pass.parameters, offset, at.out());
  }

  /**
   * Kernels by eqs. (40) and (59), biases by (45) and (64), input by (51), where the gradient on
   * the output is the error before the sigmoid, (37) and (57).
   */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.convolutionInputGradient(
          shape, at.outGradient(), pass.parameters, offset, at.inGradient());
    }
    return pass.kernels.convolutionWeightGradient(
        shape, at.in(), at.outGradient(), pass.gradient(), offset, pass.limit);
  }
}
