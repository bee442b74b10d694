package io.gradcast.engine.kernel;

import static io.gradcast.engine.kernel.Kernels.LANES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  private float[] lanes(int elements) {
    return values(elements * LANES);
  }

  /** Runs both on an output with a margin full of guards, and compares all of it. */
  private void assertSameBits(int elements, BiConsumer<Kernels, float[]> run) {
    assertSameBits(guarded(new float[elements * LANES]), run);
  }

  private void assertSameBits(float[] start, BiConsumer<Kernels, float[]> run) {
    float[] expected = start.clone();
    float[] found = start.clone();
    run.accept(naive, expected);
    run.accept(kernels(), found);
    assertArrayEquals(bits(expected), bits(found));
  }

  private static float[] guarded(float[] values) {
    float[] guarded = new float[values.length + MARGIN];
    System.arraycopy(values, 0, guarded, 0, values.length);
    for (int i = values.length; i < guarded.length; i++) {
      guarded[i] = GUARD;
    }
    return guarded;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 31, 784})
  void unpack(int size) {
    byte[] pixels = new byte[size * 20];
    random.nextBytes(pixels);
    int[] starts = random.ints(LANES, 0, 20).map(row -> row * size).toArray();
    assertSameBits(size, (k, out) -> k.unpack(pixels, starts, size, out));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1",
    "1, 28, 28, 6, 5",
    "6, 12, 12, 12, 5",
    "2, 5, 5, 3, 5",
    "3, 7, 11, 4, 3",
    "1, 13, 2, 5, 2",
    "5, 3, 17, 7, 1",
    "2, 9, 8, 13, 4"
  })
  void convolution(int channels, int height, int width, int maps, int kernel) {
    int in = channels * height * width;
    int out = maps * (height - kernel + 1) * (width - kernel + 1);
    int first = 3;
    float[] parameters = values(first + maps * (channels * kernel * kernel + 1));
    float[] input = lanes(in);
    float[] error = lanes(out);
    assertSameBits(
        out,
        (k, o) ->
            k.convolutionForward(
                input, channels, height, width, parameters, first, maps, kernel, o));
    assertSameBits(
        in,
        (k, o) ->
            k.convolutionInputGradient(
                error, channels, height, width, parameters, first, maps, kernel, o));
    assertSameSums(
        parameters.length,
        (k, sum) ->
            assertTrue(
                k.convolutionWeightGradient(
                    input, channels, height, width, error, maps, kernel, sum, first, LIMIT)));
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

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "6, 24, 24, 2", "3, 9, 15, 3", "2, 5, 7, 1", "1, 4, 4, 4"})
  void meanPooling(int channels, int height, int width, int size) {
    float[] input = lanes(channels * height * width);
    int out = channels * (height / size) * (width / size);
    float[] error = lanes(out);
    assertSameBits(out, (k, o) -> k.meanPoolingForward(input, channels, height, width, size, o));
    assertSameBits(
        channels * height * width,
        (k, o) -> k.meanPoolingBackward(error, channels, height, width, size, o));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "12, 4, 4", "3, 2, 7"})
  void columnScan(int channels, int height, int width) {
    int size = channels * height * width;
    float[] input = lanes(size);
    assertSameBits(size, (k, o) -> k.columnScan(input, channels, height, width, o));
    float[] there = new float[size * LANES];
    float[] back = new float[size * LANES];
    kernels().columnScan(input, channels, height, width, there);
    kernels().columnScan(there, channels, width, height, back);
    assertArrayEquals(input, back);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "192, 10", "7, 3", "13, 17"})
  void dense(int inputs, int units) {
    int first = 2;
    float[] parameters = values(first + units * (inputs + 1));
    float[] input = lanes(inputs);
    float[] error = lanes(units);
    assertSameBits(units, (k, o) -> k.denseForward(input, inputs, parameters, first, units, o));
    assertSameBits(
        inputs, (k, o) -> k.denseInputGradient(error, inputs, parameters, first, units, o));
    assertSameSums(
        parameters.length,
        (k, sum) ->
            assertTrue(k.denseWeightGradient(input, inputs, error, units, sum, first, LIMIT)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 37})
  void sigmoid(int size) {
    float[] input = lanes(size);
    for (int i = 0; i < input.length; i++) {
      input[i] *= 20;
    }
    input[0] = -200;
    input[1] = 200;
    input[2] = Float.POSITIVE_INFINITY;
    input[3] = Float.NEGATIVE_INFINITY;
    input[4] = 0f;
    input[5] = -0f;
    assertSameBits(guarded(input), (k, o) -> k.sigmoidForward(o, size));
    float[] output = input.clone();
    naive.sigmoidForward(output, size);
    assertSameBits(guarded(lanes(size)), (k, o) -> k.sigmoidBackward(output, size, o));
  }

  @Test
  void sigmoidOfWhatIsNoNumberIsNone() {
    float[] values = lanes(1);
    values[7] = Float.NaN;
    kernels().sigmoidForward(values, 1);
    assertTrue(Float.isNaN(values[7]));
    assertFalse(Float.isNaN(values[6]));
  }

  @ParameterizedTest
  @CsvSource({"10, 16", "10, 1", "1, 5", "3, 15"})
  void squaredError(int units, int lanes) {
    float[] output = lanes(units);
    int[] labels = random.ints(LANES, 0, units).toArray();
    float[] expected = new float[LANES];
    float[] found = new float[LANES];
    assertSameBits(
        units,
        (k, o) -> k.squaredError(output, units, labels, lanes, o, k == naive ? expected : found));
    assertArrayEquals(expected, found);
    for (int lane = lanes; lane < LANES; lane++) {
      assertEquals(0f, found[lane], "an empty lane has no loss");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 2048.5f})
  void weightGradientsOutOfRangeAreReported(float bad) {
    for (int lane : new int[] {0, 15}) {
      float[] error = new float[2 * LANES];
      error[LANES + lane] = bad;
      float[] input = new float[3 * LANES];
      long[] sum = new long[8];
      assertFalse(kernels().denseWeightGradient(input, 3, error, 2, sum, 0, LIMIT));
      assertFalse(kernels().convolutionWeightGradient(input, 3, 1, 1, error, 2, 1, sum, 0, LIMIT));
    }
  }

  @Test
  void weightGradientsAtTheLimitAreInRange() {
    float[] error = new float[LANES];
    error[3] = -LIMIT;
    float[] input = new float[LANES];
    long[] sum = new long[2];
    assertTrue(kernels().denseWeightGradient(input, 1, error, 1, sum, 0, LIMIT));
    assertEquals(-(1L << 51), sum[1]);
  }
}
