package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.ConvolutionShape;
import io.gradcast.engine.kernel.Padding;
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
 * padded edges, which is the paper's; padding puts zeros around the input first. With groups, p
 * goes over the channels of q's group only; as many groups as channels make it depthwise.
 *
 * <p>Parameters: weight [maps][channels / groups][kernelHeight][kernelWidth] in the paper's
 * orientation, then bias [maps]. In model files the kernels are turned by 180 degrees, for
 * cross-correlation.
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
   * @param padding zeros around the input, on each side less than the kernel's rows or columns
   * @param groups divides the input's channels and the maps
   */
  public Convolution(
      String name,
      Shape input,
      int maps,
      int kernelHeight,
      int kernelWidth,
      int stride,
      Padding padding,
      int groups) {
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
            padding,
            groups),
        Initialization.GLOROT_UNIFORM);
  }

  /** With the padding of {@link Padding#same}. */
  public static Convolution same(
      String name,
      Shape input,
      int maps,
      int kernelHeight,
      int kernelWidth,
      int stride,
      int groups) {
    requireStride(name, stride);
    Padding padding =
        Padding.same(input.height(), input.width(), kernelHeight, kernelWidth, stride);
    return new Convolution(name, input, maps, kernelHeight, kernelWidth, stride, padding, groups);
  }

  /** The same with other initial weights. */
  public Convolution with(Initialization other) {
    return new Convolution(name, input, shape, other);
  }

  public Convolution {
    require(name, shape.maps() >= 1, "maps of 1 or more", shape.maps());
    requireStride(name, shape.stride());
    int groups = shape.groups();
    require(
        name,
        groups >= 1 && shape.channels() % groups == 0 && shape.maps() % groups == 0,
        "groups that divide its %d channels and %d maps".formatted(shape.channels(), shape.maps()),
        groups);
    String kernel = shape.kernelHeight() + "x" + shape.kernelWidth();
    require(
        name,
        Math.min(shape.kernelHeight(), shape.kernelWidth()) >= 1,
        "a kernel of 1 or more rows and columns",
        kernel);
    Padding padding = shape.padding();
    requirePadding(name, "rows", padding.top(), padding.bottom(), shape.kernelHeight(), kernel);
    requirePadding(name, "columns", padding.left(), padding.right(), shape.kernelWidth(), kernel);
    long height = (long) input.height() + padding.top() + padding.bottom();
    long width = (long) input.width() + padding.left() + padding.right();
    require(
        name,
        shape.kernelHeight() <= height && shape.kernelWidth() <= width,
        "a kernel of at most %dx%d, its input %s with its padding".formatted(height, width, input),
        kernel);
  }

  private static void requireStride(String name, int stride) {
    require(name, stride >= 1, "a stride of 1 or more", stride);
  }

  private static void requirePadding(
      String name, String what, int before, int behind, int size, String kernel) {
    String expected =
        "a padding from 0 to %d %s, less than the kernel %s".formatted(size - 1, what, kernel);
    require(name, before >= 0 && before < size, expected, before);
    require(name, behind >= 0 && behind < size, expected, behind);
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
            List.of(shape.maps(), shape.groupChannels(), shape.kernelHeight(), shape.kernelWidth()),
            0,
            i -> i / area * area + (area - 1 - i % area)),
        new Tensor(name + ".bias", List.of(shape.maps()), shape.maps() * shape.taps(), i -> i));
  }

  /** Weights by default in the bounds of eqs. (1) and (2), biases zero. */
  @Override
  public void initialize(long seed, int index, float[] parameters, int offset) {
    long fanOut = (long) shape.groupMaps() * shape.area();
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
