package io.gradcast.engine.kernel;

/**
 * The arithmetic of the network on groups of {@value #LANES} samples. Sizes are trusted: layers
 * check them once, when the network is built. An instance belongs to one thread.
 *
 * <p>Methods that end in {@code WeightGradient} round each lane's gradient to the grid of {@link
 * FixedPoint} and add the integers to {@code sum}; they return whether every value was finite and
 * at most {@code limit} in magnitude, and after {@code false} the sum is worthless.
 */
public interface Kernels {

  /** Samples that go side by side. */
  int LANES = 16;

  /** The portable implementation, which is also the reference for any other. */
  static Kernels scalar() {
    return new ScalarKernels();
  }

  /**
   * The fastest implementation that this JVM has: vectors where it was started with {@code
   * --add-modules jdk.incubator.vector}, else scalar. The system property {@code gradcast.kernels}
   * forces scalar, or vectors of 128, 256 or 512 bits.
   */
  static Kernels best() {
    return KernelChoice.create();
  }

  /** What runs, for people: scalar, or 512-bit vectors. */
  String description();

  /**
   * Spreads the bytes of one sample a lane: {@code out(i) = pixels[starts[lane] + i] / 255} for i
   * in [0, size), a byte being 0 to 255.
   */
  void unpack(byte[] pixels, int[] starts, int size, Lanes out);

  /** Puts one sample's image of bytes as floats into its lane: {@code out(i) = image[i] / 255}. */
  void unpack(float[] image, int lane, int size, Lanes out);

  /**
   * True convolution with stride s: out(q, y, x) = bias(q) + sum over p, u, v, in this order, of
   * in(p, y * s + kernelHeight - 1 - u - top, x * s + kernelWidth - 1 - v - left) * weight(q, p, u,
   * v), where that position exists. With groups, p goes over the channels of q's group.
   *
   * @param in [channels][height][width]
   * @param weights where weight [maps][channels / groups][kernelHeight][kernelWidth] starts in
   *     {@code parameters}; bias [maps] follows it
   * @param out [maps][outHeight][outWidth]
   */
  void convolutionForward(
      ConvolutionShape shape, Lanes in, float[] parameters, int weights, Lanes out);

  /**
   * Gradient on the input of a convolution: inGradient(p, i, j) = 0 + sum over q, u, v, in this
   * order, of outGradient(q, y, x) * weight(q, p, u, v), where (y, x) is the output position, if
   * there is one, at which tap (u, v) meets (i, j). With groups, q goes over the maps of p's group.
   */
  void convolutionInputGradient(
      ConvolutionShape shape, Lanes outGradient, float[] parameters, int weights, Lanes inGradient);

  /**
   * Gradient on the parameters of a convolution: of weight (q, p, u, v), 0 + sum over y, x, in this
   * order, of outGradient(q, y, x) * in(p, ...), the input being 0 in its padding; of bias (q), the
   * sum of outGradient(q, y, x). Added to {@code sum}, laid out as the parameters are.
   */
  boolean convolutionWeightGradient(
      ConvolutionShape shape, Lanes in, Lanes outGradient, long[] sum, int weights, float limit);

  /**
   * out(c, y, x) = the mean of the window at (y * stride, x * stride) of in(c), summed row by row,
   * then multiplied by the float nearest to 1 / size^2.
   *
   * @param in [channels][height][width]
   * @param out [channels][outHeight][outWidth]
   */
  void meanPoolingForward(PoolingShape shape, Lanes in, Lanes out);

  /**
   * inGradient(c, i, j) = the sum of outGradient(c, y, x) over the windows that (i, j) belongs to,
   * row by row, then multiplied by the float nearest to 1 / size^2; 0 where it belongs to none.
   */
  void meanPoolingBackward(PoolingShape shape, Lanes outGradient, Lanes inGradient);

  /**
   * out(c, y, x) = the maximum, as {@link Math#max(float, float)} has it, of the window at (y *
   * stride, x * stride) of in(c): not a number if one of them is none.
   *
   * @param in [channels][height][width]
   * @param out [channels][outHeight][outWidth]
   */
  void maxPoolingForward(PoolingShape shape, Lanes in, Lanes out);

  /**
   * inGradient(c, i, j) = 0 + the sum of outGradient(c, y, x), row by row, over the windows in
   * which (i, j) is, row by row, the first position not less than the maximum.
   *
   * @param in what the forward pass was given
   */
  void maxPoolingBackward(PoolingShape shape, Lanes in, Lanes outGradient, Lanes inGradient);

  /**
   * out(c) = the mean of in(c): each row is summed from 0, then these sums are, then the float
   * nearest to 1 / (height * width) is the factor. Two short sums lose less than a long one.
   *
   * @param in [channels][height][width]
   * @param out [channels]
   */
  void globalMeanPoolingForward(Lanes in, int channels, int height, int width, Lanes out);

  /** inGradient(c, y, x) = outGradient(c) / (height * width), as a product like the mean. */
  void globalMeanPoolingBackward(
      Lanes outGradient, int channels, int height, int width, Lanes inGradient);

  /**
   * out(c * height * width + x * height + y) = in(c, y, x): each map scanned column by column. With
   * height and width exchanged it is its own inverse.
   */
  void columnScan(Lanes in, int channels, int height, int width, Lanes out);

  /**
   * out(i) = bias(i) + sum over j, ascending, of in(j) * weight(i, j).
   *
   * @param weights where weight [units][inputs] starts in {@code parameters}; bias [units] follows
   */
  void denseForward(Lanes in, int inputs, float[] parameters, int weights, int units, Lanes out);

  /** inGradient(j) = 0 + sum over i, ascending, of outGradient(i) * weight(i, j). */
  void denseInputGradient(
      Lanes outGradient, int inputs, float[] parameters, int weights, int units, Lanes inGradient);

  /** Adds outGradient(i) * in(j) for weight (i, j) and outGradient(i) for bias (i) to the sum. */
  boolean denseWeightGradient(
      Lanes in, int inputs, Lanes outGradient, int units, long[] sum, int weights, float limit);

  /**
   * out(i) = 1 / (1 + exp(-x)), where x is in(i) brought into [-87, 87] and exp is {@link
   * FloatMath#boundedExp}. Like all that goes element by element, it may be given one place for
   * both.
   *
   * @param size elements, without the lanes
   */
  void sigmoidForward(Lanes in, int size, Lanes out);

  /** inGradient(i) = outGradient(i) * (y * (1 - y)), where y = out(i), sigmoid's output. */
  void sigmoidBackward(Lanes out, int size, Lanes outGradient, Lanes inGradient);

  /** out(i) = {@link FloatMath#tanh} of in(i). */
  void tanhForward(Lanes in, int size, Lanes out);

  /** inGradient(i) = outGradient(i) * (1 - y * y), fused, where y = out(i), tanh's output. */
  void tanhBackward(Lanes out, int size, Lanes outGradient, Lanes inGradient);

  /** out(i) = in(i), but where that is below 0, in(i) * slope, or +0 for a slope of 0. */
  void reluForward(Lanes in, int size, float slope, Lanes out);

  /**
   * inGradient(i) = outGradient(i), but where out(i) is not above 0, outGradient(i) * slope, or +0
   * for a slope of 0.
   */
  void reluBackward(Lanes out, int size, float slope, Lanes outGradient, Lanes inGradient);

  /** out(i) = {@link FloatMath#gelu} of in(i). */
  void geluForward(Lanes in, int size, Lanes out);

  /** inGradient(i) = outGradient(i) * {@link FloatMath#geluSlope} of in(i). */
  void geluBackward(Lanes in, int size, Lanes outGradient, Lanes inGradient);

  /**
   * out(i) = e(i) / sum over j, ascending from 0, of e(j), where e(i) = {@link
   * FloatMath#boundedExp} of in(i) - m, and m is the largest in(i).
   */
  void softmaxForward(Lanes in, int units, Lanes out);

  /**
   * inGradient(i) = out(i) * (outGradient(i) - s), where s is the sum over j, ascending from 0, of
   * outGradient(j) * out(j), fused.
   */
  void softmaxBackward(Lanes out, int units, Lanes outGradient, Lanes inGradient);

  /** out(i) = a(i) + b(i). */
  void add(Lanes a, Lanes b, int size, Lanes out);

  /** out(i) = a(i) * b(i). */
  void multiply(Lanes a, Lanes b, int size, Lanes out);

  /**
   * values(c, i) = (values(c, i) - shift(c)) * scale(c) in place, i being one of {@code plane}
   * places of a channel.
   */
  void shiftAndScale(Lanes values, int channels, int plane, float[] shift, float[] scale);

  /** values(i) = values(i) * the lane's factor, in place. */
  void scaleLanes(Lanes values, int size, float[] factors);

  /**
   * Normalises groups of channels to mean 0 and variance 1. A group's sums are made row by row: the
   * sums of rows first, each ascending from 0, then the sum of these, ascending from 0. With n
   * elements in a group, m = sum of x * float(1 / n), v = sum of (x - m)^2, fused, * float(1 / n)
   * and r = 1 / sqrt(v + epsilon): xhat = (x - m) * r and out = xhat * weight + bias, fused.
   *
   * @param parameters from {@code weights} on the weights, and behind them as many biases: one a
   *     channel, or one an element
   * @param statistics [2 * groups]: m and r of each group; overwritten
   */
  void normalizationForward(
      NormalizationShape shape,
      Lanes in,
      float[] parameters,
      int weights,
      Lanes statistics,
      Lanes out);

  /**
   * With g = outGradient * weight, and s and t the sums over the group of g and of g * xhat, fused,
   * made as the forward sums are: inGradient = (g - (s + xhat * t, fused) * float(1 / n)) * r.
   */
  void normalizationInputGradient(
      NormalizationShape shape,
      Lanes in,
      float[] parameters,
      int weights,
      Lanes statistics,
      Lanes outGradient,
      Lanes inGradient);

  /**
   * Gradient of weights, outGradient * xhat, and of biases, outGradient. Where a weight serves a
   * whole channel, the sum of them over the channel, made row by row as the forward sums are, with
   * the products fused.
   */
  boolean normalizationWeightGradient(
      NormalizationShape shape,
      Lanes in,
      Lanes statistics,
      Lanes outGradient,
      long[] sum,
      int weights,
      float limit);

  /**
   * Squared error: gradient(i) = d(i) * w(i) with d(i) = out(i) - t(i); loss = half the sum,
   * ascending and fused, of gradient(i) * d(i). Lanes at or above {@code lanes} are empty: their
   * gradient and loss are 0.
   *
   * @param targets t [units]: 1 for a class that the lane's sample has, else 0
   * @param weights w [units], of each class's term
   * @param loss one a lane
   */
  void squaredError(
      Lanes out,
      int units,
      Lanes targets,
      float[] weights,
      int lanes,
      Lanes gradient,
      float[] loss);

  /**
   * Cross-entropy of the softmax of outputs: gradient(i) = p(i) - t(i), where p is {@link
   * #softmaxForward} and t(i) = smoothing / units, and 1 - smoothing more for the lane's label. The
   * loss, -sum of t(i) log p(i), is computed as log s - (1 - smoothing) (x - m) - smoothing / units
   * * d in double arithmetic by {@link StrictMath}, where s is softmax's sum, x the label's output,
   * m the largest output and d the sum, ascending, of out(i) - m in float, or 0 without smoothing.
   * Empty lanes as for {@link #squaredError}.
   *
   * @param targets as for {@link #squaredError}, each lane with exactly one 1
   */
  void softmaxCrossEntropy(
      Lanes out,
      int units,
      Lanes targets,
      int lanes,
      float smoothing,
      Lanes gradient,
      float[] loss);

  /**
   * Binary cross-entropy of the sigmoid of each output: gradient(i) = (p(i) - t(i)) * w(i), where p
   * is {@link #sigmoidForward}; loss = the sum, ascending and fused, of w(i) * {@link
   * FloatMath#softplus} of x, where x is out(i), or -out(i) where t(i) is 1: -log(1 - p(i)), or
   * -log p(i). Targets, weights and empty lanes as for {@link #squaredError}.
   */
  void binaryCrossEntropy(
      Lanes out,
      int units,
      Lanes targets,
      float[] weights,
      int lanes,
      Lanes gradient,
      float[] loss);
}
