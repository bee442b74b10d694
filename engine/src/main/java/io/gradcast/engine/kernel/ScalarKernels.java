package io.gradcast.engine.kernel;

import java.util.Arrays;

/**
 * Kernels in plain Java, and the reference for all others.
 *
 * <p>The JVM's compiler vectorises a loop only where every array is read and written at the bare
 * loop index: an offset that it cannot prove harmless leaves the loop scalar, and a loop over just
 * 16 lanes is unrolled before it is looked at. So the convolutions copy what they need to the front
 * of scratch rows and do their arithmetic in the loops at the end of this file; measured, that is
 * four times the rate of the obvious loops. Scratch grows to the largest call and is kept.
 */
class ScalarKernels implements Kernels {

  /** Maps that go side by side in one loop, sharing its loads. */
  private static final int TILE = 4;

  private float[] shared = {};
  private float[] tiled = {};
  private float[][] rows = {};

  @Override
  public String description() {
    return "scalar";
  }

  @Override
  public void unpack(byte[] pixels, int[] starts, int size, float[] out) {
    for (int lane = 0; lane < LANES; lane++) {
      int start = starts[lane];
      for (int i = 0; i < size; i++) {
        out[i * LANES + lane] = (pixels[start + i] & 0xff) / 255f;
      }
    }
  }

  @Override
  public void convolutionForward(
      float[] in,
      int channels,
      int height,
      int width,
      float[] parameters,
      int weights,
      int maps,
      int kernel,
      float[] out) {
    int taps = kernel * kernel;
    int bias = weights + maps * channels * taps;
    int outHeight = height - kernel + 1;
    int row = (width - kernel + 1) * LANES;
    reserve(row, 0, maps, row);
    for (int y = 0; y < outHeight; y++) {
      for (int q = 0; q < maps; q++) {
        Arrays.fill(rows[q], 0, row, parameters[bias + q]);
      }
      for (int p = 0; p < channels; p++) {
        for (int tap = 0; tap < taps; tap++) {
          int inRow = (p * height + y + kernel - 1 - tap / kernel) * width;
          int inColumn = kernel - 1 - tap % kernel;
          System.arraycopy(in, (inRow + inColumn) * LANES, shared, 0, row);
          addProducts(parameters, weights + p * taps + tap, channels * taps, maps, row);
        }
      }
      for (int q = 0; q < maps; q++) {
        System.arraycopy(rows[q], 0, out, (q * outHeight + y) * row, row);
      }
    }
  }

  @Override
  public void convolutionInputGradient(
      float[] outGradient,
      int channels,
      int height,
      int width,
      float[] parameters,
      int weights,
      int maps,
      int kernel,
      float[] inGradient) {
    int taps = kernel * kernel;
    int border = (kernel - 1) * LANES;
    int outHeight = height - kernel + 1;
    int outRow = (width - kernel + 1) * LANES;
    int row = width * LANES;
    reserve(row, row + border, channels, row);
    Arrays.fill(tiled, 0, row + border, 0f);
    for (int y = 0; y < height; y++) {
      for (int p = 0; p < channels; p++) {
        Arrays.fill(rows[p], 0, row, 0f);
      }
      for (int q = 0; q < maps; q++) {
        for (int u = 0; u < kernel; u++) {
          int outY = y - kernel + 1 + u;
          if (outY < 0 || outY >= outHeight) {
            continue;
          }
          System.arraycopy(outGradient, (q * outHeight + outY) * outRow, tiled, border, outRow);
          for (int v = 0; v < kernel; v++) {
            System.arraycopy(tiled, v * LANES, shared, 0, row);
            int tap = weights + q * channels * taps + u * kernel + v;
            addProducts(parameters, tap, taps, channels, row);
          }
        }
      }
      for (int p = 0; p < channels; p++) {
        System.arraycopy(rows[p], 0, inGradient, (p * height + y) * row, row);
      }
    }
  }

  @Override
  public boolean convolutionWeightGradient(
      float[] in,
      int channels,
      int height,
      int width,
      float[] outGradient,
      int maps,
      int kernel,
      long[] sum,
      int weights,
      float limit) {
    int outHeight = height - kernel + 1;
    int outWidth = width - kernel + 1;
    int segment = kernel * LANES;
    // The window under one output position, ended by a constant 1: the bias is its weight.
    int window = channels * kernel * kernel;
    int length = (window + 1) * LANES;
    reserve(length, length, maps, length);
    Arrays.fill(shared, window * LANES, length, 1f);
    for (int q = 0; q < maps; q++) {
      Arrays.fill(rows[q], 0, length, 0f);
    }
    for (int y = 0; y < outHeight; y++) {
      for (int x = 0; x < outWidth; x++) {
        for (int line = 0; line < channels * kernel; line++) {
          int inRow = (line / kernel * height + y + line % kernel) * width;
          System.arraycopy(in, (inRow + x) * LANES, shared, line * segment, segment);
        }
        for (int q = 0; q < maps; q++) {
          int position = (q * outHeight + y) * outWidth + x;
          repeatLanes(outGradient, position * LANES, tiled, length);
          addProducts(shared, tiled, rows[q], length);
        }
      }
    }
    return addWindows(channels, maps, kernel, sum, weights, limit);
  }

  /** Adds the gradients in the rows, whose windows lie in the order of the input, to the sum. */
  private boolean addWindows(
      int channels, int maps, int kernel, long[] sum, int weights, float limit) {
    int taps = kernel * kernel;
    int window = channels * taps;
    boolean inRange = true;
    for (int q = 0; q < maps; q++) {
      for (int i = 0; i < window; i++) {
        int tap = i / taps * taps + (taps - 1 - i % taps);
        inRange &= addLanes(rows[q], i * LANES, sum, weights + q * window + tap, limit);
      }
      inRange &= addLanes(rows[q], window * LANES, sum, weights + maps * window + q, limit);
    }
    return inRange;
  }

  @Override
  public void meanPoolingForward(
      float[] in, int channels, int height, int width, int size, float[] out) {
    float scale = 1f / (size * size);
    int o = 0;
    for (int y = 0; y < channels * height; y += size) {
      for (int x = 0; x < width; x += size) {
        for (int lane = 0; lane < LANES; lane++, o++) {
          float sum = 0f;
          for (int u = 0; u < size; u++) {
            for (int v = 0; v < size; v++) {
              sum += in[((y + u) * width + x + v) * LANES + lane];
            }
          }
          out[o] = sum * scale;
        }
      }
    }
  }

  @Override
  public void meanPoolingBackward(
      float[] outGradient, int channels, int height, int width, int size, float[] inGradient) {
    float scale = 1f / (size * size);
    int i = 0;
    for (int y = 0; y < channels * height; y++) {
      for (int x = 0; x < width; x++) {
        int o = (y / size * (width / size) + x / size) * LANES;
        for (int lane = 0; lane < LANES; lane++) {
          inGradient[i++] = outGradient[o + lane] * scale;
        }
      }
    }
  }

  @Override
  public void columnScan(float[] in, int channels, int height, int width, float[] out) {
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int from = (c * height + y) * width + x;
          int to = (c * width + x) * height + y;
          System.arraycopy(in, from * LANES, out, to * LANES, LANES);
        }
      }
    }
  }

  @Override
  public void denseForward(
      float[] in, int inputs, float[] parameters, int weights, int units, float[] out) {
    int bias = weights + units * inputs;
    for (int i = 0; i < units; i++) {
      int o = i * LANES;
      Arrays.fill(out, o, o + LANES, parameters[bias + i]);
      for (int j = 0; j < inputs; j++) {
        float weight = parameters[weights + i * inputs + j];
        for (int lane = 0; lane < LANES; lane++) {
          out[o + lane] = Math.fma(weight, in[j * LANES + lane], out[o + lane]);
        }
      }
    }
  }

  @Override
  public void denseInputGradient(
      float[] outGradient,
      int inputs,
      float[] parameters,
      int weights,
      int units,
      float[] inGradient) {
    Arrays.fill(inGradient, 0, inputs * LANES, 0f);
    for (int i = 0; i < units; i++) {
      int o = i * LANES;
      for (int j = 0; j < inputs; j++) {
        float weight = parameters[weights + i * inputs + j];
        for (int lane = 0; lane < LANES; lane++) {
          int at = j * LANES + lane;
          inGradient[at] = Math.fma(weight, outGradient[o + lane], inGradient[at]);
        }
      }
    }
  }

  @Override
  public boolean denseWeightGradient(
      float[] in,
      int inputs,
      float[] outGradient,
      int units,
      long[] sum,
      int weights,
      float limit) {
    int length = inputs * LANES;
    reserve(length, length, 0, 0);
    boolean inRange = true;
    for (int i = 0; i < units; i++) {
      repeatLanes(outGradient, i * LANES, tiled, length);
      multiply(in, tiled, shared, length);
      for (int j = 0; j < inputs; j++) {
        inRange &= addLanes(shared, j * LANES, sum, weights + i * inputs + j, limit);
      }
      inRange &= addLanes(outGradient, i * LANES, sum, weights + units * inputs + i, limit);
    }
    return inRange;
  }

  @Override
  public void sigmoidForward(float[] values, int size) {
    int length = size * LANES;
    reserve(length, 0, 0, 0);
    // The middle loop moves bits between float and int, which keeps it scalar; the others
    // vectorise.
    exponents(values, shared, length);
    for (int i = 0; i < length; i++) {
      int n = Float.floatToRawIntBits(shared[i]) - Float.floatToRawIntBits(FloatMath.ROUNDER);
      shared[i] = Float.intBitsToFloat((n + 127) << 23);
    }
    reciprocals(values, shared, length);
  }

  @Override
  public void sigmoidBackward(float[] values, int size, float[] gradient) {
    int length = size * LANES;
    for (int i = 0; i < length; i++) {
      gradient[i] = gradient[i] * (values[i] * (1f - values[i]));
    }
  }

  @Override
  public void squaredError(
      float[] out, int units, int[] labels, int lanes, float[] gradient, float[] loss) {
    Arrays.fill(gradient, 0, units * LANES, 0f);
    Arrays.fill(loss, 0f);
    for (int lane = 0; lane < lanes; lane++) {
      float sum = 0f;
      for (int i = 0; i < units; i++) {
        float difference = out[i * LANES + lane] - (labels[lane] == i ? 1f : 0f);
        gradient[i * LANES + lane] = difference;
        sum = Math.fma(difference, difference, sum);
      }
      loss[lane] = 0.5f * sum;
    }
  }

  /** Rounds the lanes of one gradient to the grid and adds them to one element of the sum. */
  private static boolean addLanes(float[] lanes, int from, long[] sum, int to, float limit) {
    long total = 0;
    boolean inRange = true;
    for (int lane = from; lane < from + LANES; lane++) {
      inRange &= FixedPoint.inRange(lanes[lane], limit);
      total += FixedPoint.of(lanes[lane]);
    }
    sum[to] += total;
    return inRange;
  }

  private void reserve(int sharedLength, int tiledLength, int rowCount, int rowLength) {
    if (shared.length < sharedLength) {
      shared = new float[sharedLength];
    }
    if (tiled.length < tiledLength) {
      tiled = new float[tiledLength];
    }
    if (rows.length < rowCount || (rowCount > 0 && rows[0].length < rowLength)) {
      int length = rows.length == 0 ? rowLength : Math.max(rowLength, rows[0].length);
      rows = new float[Math.max(rowCount, rows.length)][length];
    }
  }

  /** Fills {@code out} with copies of 16 lanes. */
  private static void repeatLanes(float[] lanes, int from, float[] out, int length) {
    System.arraycopy(lanes, from, out, 0, LANES);
    for (int done = LANES; done < length; done *= 2) {
      System.arraycopy(out, 0, out, done, Math.min(done, length - done));
    }
  }

  /** rows[r][i] += weight(r) * shared[i], the weight of row r at first + r * stride. */
  private void addProducts(float[] weights, int first, int stride, int count, int length) {
    int r = 0;
    for (; r + TILE <= count; r += TILE) {
      int w = first + r * stride;
      addProducts(
          weights[w],
          weights[w + stride],
          weights[w + 2 * stride],
          weights[w + 3 * stride],
          shared,
          rows[r],
          rows[r + 1],
          rows[r + 2],
          rows[r + 3],
          length);
    }
    for (; r < count; r++) {
      addProducts(weights[first + r * stride], shared, rows[r], length);
    }
  }

  private static void addProducts(
      float w0,
      float w1,
      float w2,
      float w3,
      float[] x,
      float[] row0,
      float[] row1,
      float[] row2,
      float[] row3,
      int length) {
    for (int i = 0; i < length; i++) {
      row0[i] = Math.fma(w0, x[i], row0[i]);
      row1[i] = Math.fma(w1, x[i], row1[i]);
      row2[i] = Math.fma(w2, x[i], row2[i]);
      row3[i] = Math.fma(w3, x[i], row3[i]);
    }
  }

  private static void addProducts(float weight, float[] x, float[] row, int length) {
    for (int i = 0; i < length; i++) {
      row[i] = Math.fma(weight, x[i], row[i]);
    }
  }

  private static void addProducts(float[] x, float[] y, float[] row, int length) {
    for (int i = 0; i < length; i++) {
      row[i] = Math.fma(x[i], y[i], row[i]);
    }
  }

  private static void multiply(float[] x, float[] y, float[] out, int length) {
    for (int i = 0; i < length; i++) {
      out[i] = x[i] * y[i];
    }
  }

  /** exp(-x) as polynomial, left in values, times a power of two, whose exponent goes to powers. */
  private static void exponents(float[] values, float[] powers, int length) {
    for (int i = 0; i < length; i++) {
      float x = Math.max(-87f, Math.min(87f, -values[i]));
      float rounded = Math.fma(x, FloatMath.LOG2_E, FloatMath.ROUNDER);
      powers[i] = rounded;
      values[i] = FloatMath.polynomial(x, rounded);
    }
  }

  private static void reciprocals(float[] values, float[] powers, int length) {
    for (int i = 0; i < length; i++) {
      values[i] = 1f / (1f + values[i] * powers[i]);
    }
  }
}
