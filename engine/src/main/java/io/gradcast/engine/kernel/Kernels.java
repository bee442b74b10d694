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

  /**
   * True convolution with stride s and padding d: out(q, y, x) = bias(q) + sum over p, u, v, in
   * this order, of in(p, y * s + kernelHeight - 1 - u - d, x * s + kernelWidth - 1 - v - d) *
   * weight(q, p, u, v), where that position exists.
   *
   * @param in [channels][height][width]
   * @param weights where weight [maps][channels][kernelHeight][kernelWidth] starts in {@code
   *     parameters}; bias [maps] follows it
   * @param out [maps][outHeight][outWidth]
   */
  void convolutionForward(
      ConvolutionShape shape, Lanes in, float[] parameters, int weights, Lanes out);

  /**
   * Gradient on the input of a convolution: inGradient(p, i, j) = 0 + sum over q, u, v, in this
   * order, of outGradient(q, y, x) * weight(q, p, u, v), where (y, x) is the output position, if
   * there is one, at which tap (u, v) meets (i, j).
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
   * out(c, y, x) = the mean of the size x size block at (y * size, x * size) of in(c), summed row
   * by row, then multiplied by the float nearest to 1 / size^2.
   *
   * @param in [channels][height][width], height and width multiples of size
   * @param out [channels][height / size][width / size]
   */
  void meanPoolingForward(Lanes in, int channels, int height, int width, int size, Lanes out);

  /** inGradient(c, y, x) = outGradient(c, y / size, x / size) / size^2. */
  void meanPoolingBackward(
      Lanes outGradient, int channels, int height, int width, int size, Lanes inGradient);

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
   * values(i) = 1 / (1 + exp(-x)) in place, where x is values(i) brought into [-87, 87] and exp is
   * {@link FloatMath#exp}.
   *
   * @param size elements, without the lanes
   */
  void sigmoidForward(Lanes values, int size);

  /** gradient(i) = gradient(i) * (y * (1 - y)) in place, where y = values(i), sigmoid's output. */
  void sigmoidBackward(Lanes values, int size, Lanes gradient);

  /**
   * Squared error against one-hot labels: gradient(i) = out(i) - t(i) with t(i) = 1 where i is the
   * lane's label and 0 elsewhere; loss = half the sum, ascending, of its squares. Lanes at or above
   * {@code lanes} are empty: their gradient and loss are 0.
   *
   * @param labels one a lane
   * @param loss one a lane
   */
  void squaredError(Lanes out, int units, int[] labels, int lanes, Lanes gradient, float[] loss);
}
