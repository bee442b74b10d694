package io.gradcast.engine.kernel;

import static io.gradcast.engine.kernel.Kernels.LANES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every implementation of {@link Kernels} must do: give the bits of the obvious loops, on
 * sizes that fit no tile, and write nowhere else.
 */
abstract class KernelsContract {

  private static final float GUARD = -12345.678f;
  private static final int MARGIN = 5;
  private static final float LIMIT = 2048f;

  private final Random random = new Random(17);
  private final Kernels naive = new NaiveKernels();

  /** The implementation under test. */
  abstract Kernels kernels();

  private float[] values(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Random ones that start somewhere in an array. */
  private Lanes lanes(int elements) {
    return new Lanes(values(MARGIN + elements * LANES), MARGIN);
  }

  /** Runs both on an output with guards before and behind it, and compares all of the array. */
  private void assertSameBits(int elements, BiConsumer<Kernels, Lanes> run) {
    assertSameBits(elements, lanes(elements), run);
  }

  private void assertSameBits(int elements, Lanes start, BiConsumer<Kernels, Lanes> run) {
    Lanes expected = guarded(start, elements);
    Lanes found = guarded(start, elements);
    run.accept(naive, expected);
    run.accept(kernels(), found);
    assertArrayEquals(bits(expected.values()), bits(found.values()));
  }

  private static Lanes guarded(Lanes lanes, int elements) {
    float[] guarded = new float[elements * LANES + 2 * MARGIN];
    Arrays.fill(guarded, GUARD);
    System.arraycopy(lanes.values(), lanes.start(), guarded, MARGIN, elements * LANES);
    return new Lanes(guarded, MARGIN);
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 31, 784})
  void unpack(int size) {
    byte[] pixels = new byte[size * 20];
    random.nextBytes(pixels);
    int[] starts = random.ints(LANES, 0, 20).map(row -> row * size).toArray();
    assertSameBits(size, (k, out) -> k.unpack(pixels, starts, size, out));
  }

  @Test
  void unpackOfOneImageLeavesOtherLanesAlone() {
    float[] image = values(13);
    Lanes before = lanes(13);
    assertSameBits(13, before, (k, out) -> k.unpack(image, 5, 13, out));
  }

  @Test
  void unpackRoundsEveryByteOver255ToTheNearest() {
    byte[] pixels = new byte[256];
    for (int i = 0; i < 256; i++) {
      pixels[i] = (byte) i;
    }
    Lanes out = Lanes.of(256);
    kernels().unpack(pixels, new int[LANES], 256, out);
    for (int i = 0; i < 256; i++) {
      assertEquals(i / 255f, out.get(i, i % LANES), "of " + i);
    }
  }

  /** Prime, tiny and boundary sizes; kernels as large as the input; every remainder of a tile. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, 1",
    "1, 28, 28, 6, 5, 5",
    "6, 12, 12, 12, 5, 5",
    "2, 5, 5, 3, 5, 5",
    "3, 7, 11, 4, 3, 3",
    "1, 13, 2, 5, 2, 2",
    "5, 3, 17, 7, 1, 1",
    "2, 9, 8, 13, 4, 4",
    "7, 3, 5, 2, 2, 4",
    "11, 2, 2, 8, 2, 1",
    "4, 6, 7, 1, 1, 7",
    "9, 5, 4, 10, 3, 2",
    "8, 4, 6, 11, 1, 3",
    "5, 6, 10, 7, 3, 3",
    "2, 3, 10, 5, 3, 5"
  })
  void convolution(int channels, int height, int width, int maps, int rows, int columns) {
    for (int stride = 1; stride <= 3; stride++) {
      for (int padding = 0; padding < Math.min(rows, columns); padding++) {
        Padding zeros = Padding.of(padding, padding);
        convolution(
            new ConvolutionShape(channels, height, width, maps, rows, columns, stride, zeros, 1));
      }
    }
  }

  /** Paddings that differ from side to side, one of which leaves the kernel's first row nothing. */
  @ParameterizedTest
  @CsvSource({"2, 7, 10, 3, 3, 3", "1, 2, 5, 7, 4, 2", "3, 8, 8, 6, 2, 5", "2, 6, 12, 4, 5, 5"})
  void convolutionWithAPaddingOfEachSide(
      int channels, int height, int width, int maps, int rows, int columns) {
    for (int stride = 1; stride <= 3; stride++) {
      for (Padding padding :
          new Padding[] {
            Padding.same(height, width, rows, columns, stride),
            new Padding(rows - 1, 0, 0, columns - 1),
            new Padding(0, rows - 1, columns - 1, 0),
          }) {
        convolution(
            new ConvolutionShape(channels, height, width, maps, rows, columns, stride, padding, 1));
      }
    }
  }

  /** Depthwise, with several maps a channel, and groups of sizes that fit no tile. */
  @ParameterizedTest
  @CsvSource({
    "5, 6, 8, 5, 5, 3, 3",
    "3, 9, 12, 3, 3, 5, 5",
    "4, 5, 7, 4, 4, 2, 3",
    "3, 6, 4, 21, 3, 3, 3",
    "10, 3, 8, 4, 2, 3, 3",
    "6, 3, 4, 9, 3, 3, 4",
    "6, 7, 5, 9, 3, 1, 2"
  })
  void convolutionInGroups(
      int channels, int height, int width, int maps, int groups, int rows, int columns) {
    for (int stride = 1; stride <= 2; stride++) {
      for (Padding padding :
          new Padding[] {Padding.NONE, Padding.same(height, width, rows, columns, stride)}) {
        convolution(
            new ConvolutionShape(
                channels, height, width, maps, rows, columns, stride, padding, groups));
      }
    }
  }

  private void convolution(ConvolutionShape shape) {
    int in = shape.channels() * shape.height() * shape.width();
    int out = shape.maps() * shape.outHeight() * shape.outWidth();
    int first = 3;
    float[] parameters = values(first + shape.parameters());
    Lanes input = lanes(in);
    Lanes error = lanes(out);
    assertSameBits(out, (k, o) -> k.convolutionForward(shape, input, parameters, first, o));
    assertSameBits(in, (k, o) -> k.convolutionInputGradient(shape, error, parameters, first, o));
    assertSameSums(
        parameters.length,
        (k, sum) ->
            assertTrue(k.convolutionWeightGradient(shape, input, error, sum, first, LIMIT)));
  }

  /** On sums that are not zero at first, and with a guard before and behind them. */
  private void assertSameSums(int count, BiConsumer<Kernels, long[]> run) {
    long[] start = random.longs(count + MARGIN, -1000, 1000).toArray();
    long[] expected = start.clone();
    long[] found = start.clone();
    run.accept(naive, expected);
    run.accept(kernels(), found);
    assertArrayEquals(expected, found);
  }

  /** Side by side, overlapping and apart; with rows and columns left over, and with none. */
  private static Stream<PoolingShape> poolings() {
    return Stream.of(
        new PoolingShape(1, 1, 1, 1, 1),
        new PoolingShape(6, 24, 24, 2, 2),
        new PoolingShape(3, 9, 15, 3, 3),
        new PoolingShape(2, 5, 7, 1, 1),
        new PoolingShape(1, 4, 4, 4, 4),
        new PoolingShape(3, 5, 7, 2, 2),
        new PoolingShape(2, 7, 5, 3, 2),
        new PoolingShape(2, 6, 9, 3, 1),
        new PoolingShape(1, 8, 11, 4, 3),
        new PoolingShape(2, 9, 8, 2, 3),
        new PoolingShape(2, 5, 6, 1, 4),
        new PoolingShape(3, 3, 4, 3, 7));
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void meanPooling(PoolingShape shape) {
    Lanes input = lanes(elements(shape));
    int out = shape.channels() * shape.outHeight() * shape.outWidth();
    Lanes error = lanes(out);
    error.values()[MARGIN] = -0f;
    assertSameBits(out, (k, o) -> k.meanPoolingForward(shape, input, o));
    assertSameBits(elements(shape), (k, o) -> k.meanPoolingBackward(shape, error, o));
  }

  private static int elements(PoolingShape shape) {
    return shape.channels() * shape.height() * shape.width();
  }

  /** On few different values, so that a window often has its maximum several times. */
  @ParameterizedTest
  @MethodSource("poolings")
  void maxPooling(PoolingShape shape) {
    Lanes input = lanes(elements(shape));
    float[] few = {-1f, -0f, 0f, 0.5f, Float.NEGATIVE_INFINITY};
    for (int i = 0; i < input.values().length; i++) {
      input.values()[i] = few[random.nextInt(few.length)];
    }
    int out = shape.channels() * shape.outHeight() * shape.outWidth();
    Lanes error = lanes(out);
    error.values()[MARGIN] = -0f;
    assertSameBits(out, (k, o) -> k.maxPoolingForward(shape, input, o));
    assertSameBits(elements(shape), (k, o) -> k.maxPoolingBackward(shape, input, error, o));
  }

  @Test
  void maximumOfWhatHoldsNoNumberIsNone() {
    PoolingShape shape = new PoolingShape(1, 2, 2, 2, 2);
    for (int i = 0; i < 4; i++) {
      Lanes input = lanes(4);
      input.set(i, 5, Float.NaN);
      Lanes out = Lanes.of(1);
      kernels().maxPoolingForward(shape, input, out);
      assertTrue(Float.isNaN(out.get(0, 5)), "at " + i);
      assertFalse(Float.isNaN(out.get(0, 4)), "of another lane");
      Lanes error = lanes(1);
      assertSameBits(4, (k, o) -> k.maxPoolingBackward(shape, input, error, o));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "7, 4, 4", "3, 5, 9", "2, 1, 6", "2, 6, 1"})
  void globalMeanPooling(int channels, int height, int width) {
    int size = channels * height * width;
    Lanes input = lanes(size);
    Lanes error = lanes(channels);
    assertSameBits(
        channels, (k, o) -> k.globalMeanPoolingForward(input, channels, height, width, o));
    assertSameBits(size, (k, o) -> k.globalMeanPoolingBackward(error, channels, height, width, o));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "12, 4, 4", "3, 2, 7"})
  void columnScan(int channels, int height, int width) {
    int size = channels * height * width;
    Lanes input = lanes(size);
    assertSameBits(size, (k, o) -> k.columnScan(input, channels, height, width, o));
    Lanes there = Lanes.of(size);
    Lanes back = Lanes.of(size);
    kernels().columnScan(input, channels, height, width, there);
    kernels().columnScan(there, channels, width, height, back);
    assertArrayEquals(
        Arrays.copyOfRange(input.values(), MARGIN, MARGIN + size * LANES), back.values());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "192, 10", "7, 3", "13, 17"})
  void dense(int inputs, int units) {
    int first = 2;
    float[] parameters = values(first + units * (inputs + 1));
    Lanes input = lanes(inputs);
    Lanes error = lanes(units);
    assertSameBits(units, (k, o) -> k.denseForward(input, inputs, parameters, first, units, o));
    assertSameBits(
        inputs, (k, o) -> k.denseInputGradient(error, inputs, parameters, first, units, o));
    assertSameSums(
        parameters.length,
        (k, sum) ->
            assertTrue(k.denseWeightGradient(input, inputs, error, units, sum, first, LIMIT)));
  }

  /** As they are behind a rectifier or dropout: some lanes of a unit, or all, or none. */
  @Test
  void denseWhereErrorsAreZero() {
    int inputs = 37;
    int units = 5;
    Lanes input = lanes(inputs);
    Lanes error = lanes(units);
    for (int lane = 0; lane < LANES; lane++) {
      error.set(1, lane, lane % 2 == 0 ? 0f : -0f);
      error.set(2, lane, lane == 9 ? 1f : 0f);
      error.set(3, lane, lane < 7 ? 0f : error.get(3, lane));
    }
    assertSameSums(
        units * (inputs + 1),
        (k, sum) -> assertTrue(k.denseWeightGradient(input, inputs, error, units, sum, 0, LIMIT)));
  }

  @Test
  void whatIsNoNumberIsReportedBesideAnErrorOfZero() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Lanes input = Lanes.of(20);
      input.set(18, 3, bad);
      assertFalse(kernels().denseWeightGradient(input, 20, Lanes.of(1), 1, new long[21], 0, LIMIT));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 37})
  void sigmoid(int size) {
    Lanes input = lanes(size);
    for (int i = 0; i < input.values().length; i++) {
      input.values()[i] *= 20;
    }
    float[] special = {
      -200, 200, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, -87f, 87f
    };
    System.arraycopy(special, 0, input.values(), MARGIN, special.length);
    assertSameBits(size, (k, o) -> k.sigmoidForward(input, size, o));
    assertSameBits(size, input, (k, o) -> k.sigmoidForward(o, size, o));
    assertSameBits(size, input, (k, o) -> k.tanhForward(o, size, o));
    assertSameBits(size, (k, o) -> k.tanhForward(input, size, o));
    assertSameBits(size, input, (k, o) -> k.geluForward(o, size, o));
    assertSameBits(size, (k, o) -> k.geluForward(input, size, o));
  }

  /** Larger than what goes through the loops of an activation at a time. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 150})
  void activations(int size) {
    Lanes input = lanes(size);
    Lanes error = lanes(size);
    for (float slope : new float[] {0f, 0.01f}) {
      assertSameBits(size, (k, o) -> k.reluForward(input, size, slope, o));
      assertSameBits(size, input, (k, o) -> k.reluForward(o, size, slope, o));
      assertSameBits(size, (k, o) -> k.reluBackward(input, size, slope, error, o));
      assertSameBits(size, error, (k, o) -> k.reluBackward(input, size, slope, o, o));
    }
    assertSameBits(size, (k, o) -> k.tanhForward(input, size, o));
    assertSameBits(size, (k, o) -> k.geluForward(input, size, o));
    assertSameBits(size, (k, o) -> k.geluBackward(input, size, error, o));
    assertSameBits(size, error, (k, o) -> k.geluBackward(input, size, o, o));
    Lanes sigmoids = lanes(size);
    naive.sigmoidForward(input, size, sigmoids);
    assertSameBits(size, (k, o) -> k.sigmoidBackward(sigmoids, size, error, o));
    assertSameBits(size, error, (k, o) -> k.sigmoidBackward(sigmoids, size, o, o));
    assertSameBits(size, (k, o) -> k.tanhBackward(sigmoids, size, error, o));
    assertSameBits(size, error, (k, o) -> k.tanhBackward(sigmoids, size, o, o));
    assertSameBits(size, (k, o) -> k.add(input, error, size, o));
    assertSameBits(size, error, (k, o) -> k.add(o, input, size, o));
    assertSameBits(size, (k, o) -> k.multiply(input, error, size, o));
  }

  @Test
  void activationsOfWhatIsNoNumberAreNone() {
    Lanes in = lanes(1);
    in.set(0, 7, Float.NaN);
    List<BiConsumer<Kernels, Lanes>> all =
        List.of(
            (k, o) -> k.sigmoidForward(in, 1, o),
            (k, o) -> k.tanhForward(in, 1, o),
            (k, o) -> k.reluForward(in, 1, 0f, o),
            (k, o) -> k.geluForward(in, 1, o));
    for (BiConsumer<Kernels, Lanes> activation : all) {
      Lanes out = Lanes.of(1);
      activation.accept(kernels(), out);
      assertTrue(Float.isNaN(out.get(0, 7)));
      assertFalse(Float.isNaN(out.get(0, 6)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 77})
  void softmax(int units) {
    Lanes input = lanes(units);
    for (int i = 0; i < input.values().length; i++) {
      input.values()[i] *= 40;
    }
    assertSameBits(units, (k, o) -> k.softmaxForward(input, units, o));
    assertSameBits(units, input, (k, o) -> k.softmaxForward(o, units, o));
    Lanes error = lanes(units);
    Lanes shares = lanes(units);
    naive.softmaxForward(input, units, shares);
    assertSameBits(units, (k, o) -> k.softmaxBackward(shares, units, error, o));
    assertSameBits(units, error, (k, o) -> k.softmaxBackward(shares, units, o, o));
  }

  @ParameterizedTest
  @CsvSource({"10, 16, 0", "10, 1, 0.1", "1, 5, 0", "3, 15, 0.2", "65, 16, 0", "200, 9, 0.1"})
  void crossEntropies(int units, int lanes, float smoothing) {
    Lanes output = lanes(units);
    Lanes one = targets(units, false);
    Lanes several = targets(units, true);
    float[] weights = weights(units);
    float[] expected = new float[LANES];
    float[] found = new float[LANES];
    assertSameBits(
        units,
        (k, o) ->
            k.softmaxCrossEntropy(
                output, units, one, lanes, smoothing, o, k == naive ? expected : found));
    assertArrayEquals(bits(expected), bits(found));
    assertSameBits(
        units,
        (k, o) ->
            k.binaryCrossEntropy(
                output, units, several, weights, lanes, o, k == naive ? expected : found));
    assertArrayEquals(bits(expected), bits(found));
    for (int lane = lanes; lane < LANES; lane++) {
      assertEquals(0f, found[lane], "an empty lane has no loss");
    }
  }

  private float[] weights(int units) {
    float[] weights = values(units);
    for (int i = 0; i < units; i++) {
      weights[i] = Math.abs(weights[i]);
    }
    return weights;
  }

  /** 0 and 1, in memory that others have a part of. */
  private Lanes targets(int units, boolean several) {
    Lanes targets = lanes(units);
    for (int lane = 0; lane < LANES; lane++) {
      int label = random.nextInt(units);
      for (int i = 0; i < units; i++) {
        targets.set(i, lane, (several ? random.nextBoolean() : i == label) ? 1 : 0);
      }
    }
    return targets;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "6, 3, 5, 2", "12, 1, 1, 1", "4, 7, 2, 4", "3, 4, 4, 1"})
  void normalization(int channels, int rows, int columns, int groups) {
    for (boolean perElement : new boolean[] {false, true}) {
      NormalizationShape shape =
          new NormalizationShape(channels, rows, columns, groups, perElement, 1e-5f);
      int size = channels * rows * columns;
      int first = 3;
      float[] parameters = values(first + 2 * shape.weights());
      Lanes input = lanes(size);
      Lanes error = lanes(size);
      Lanes statistics = lanes(2 * groups);
      assertSameBits(
          size,
          (k, o) -> k.normalizationForward(shape, input, parameters, first, lanes(2 * groups), o));
      assertSameBits(
          2 * groups,
          (k, o) -> k.normalizationForward(shape, input, parameters, first, o, lanes(size)));
      naive.normalizationForward(shape, input, parameters, first, statistics, lanes(size));
      assertSameBits(
          size,
          (k, o) ->
              k.normalizationInputGradient(shape, input, parameters, first, statistics, error, o));
      assertSameSums(
          parameters.length,
          (k, sum) ->
              assertTrue(
                  k.normalizationWeightGradient(
                      shape, input, statistics, error, sum, first, LIMIT)));
    }
  }

  @Test
  void channelsAreShiftedAndScaledAndLanesMultiplied() {
    float[] shift = {0.5f, -2f, 0.1f};
    float[] scale = {3f, 0.7f, -1f};
    assertSameBits(3 * 7, (k, o) -> k.shiftAndScale(o, 3, 7, shift, scale));
    float[] factors = values(LANES);
    assertSameBits(11, (k, o) -> k.scaleLanes(o, 11, factors));
  }

  @ParameterizedTest
  @CsvSource({"10, 16", "10, 1", "1, 5", "3, 15"})
  void squaredError(int units, int lanes) {
    Lanes output = lanes(units);
    Lanes targets = targets(units, true);
    float[] weights = weights(units);
    float[] expected = new float[LANES];
    float[] found = new float[LANES];
    assertSameBits(
        units,
        (k, o) ->
            k.squaredError(
                output, units, targets, weights, lanes, o, k == naive ? expected : found));
    assertArrayEquals(bits(expected), bits(found));
    for (int lane = lanes; lane < LANES; lane++) {
      assertEquals(0f, found[lane], "an empty lane has no loss");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 2048.5f})
  void weightGradientsOutOfRangeAreReported(float bad) {
    for (int lane : new int[] {0, 15}) {
      Lanes error = Lanes.of(2);
      error.set(1, lane, bad);
      Lanes input = Lanes.of(3);
      long[] sum = new long[8];
      assertFalse(kernels().denseWeightGradient(input, 3, error, 2, sum, 0, LIMIT));
      ConvolutionShape shape = new ConvolutionShape(3, 1, 1, 2, 1, 1, 1, Padding.NONE, 1);
      assertFalse(kernels().convolutionWeightGradient(shape, input, error, sum, 0, LIMIT));
    }
  }

  @Test
  void weightGradientsAtTheLimitAreInRange() {
    Lanes error = Lanes.of(1);
    error.set(0, 3, -LIMIT);
    Lanes input = Lanes.of(1);
    long[] sum = new long[2];
    assertTrue(kernels().denseWeightGradient(input, 1, error, 1, sum, 0, LIMIT));
    assertEquals(-(1L << 51), sum[1]);
  }
}
