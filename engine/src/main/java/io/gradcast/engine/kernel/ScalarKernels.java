package io.gradcast.engine.kernel;

import java.util.Arrays;

/**
 * Kernels in plain Java, and the reference for all others.
 *
 * <p>The JVM's compiler vectorises a loop only where every array is read and written at the bare
 * loop index: an offset that it cannot prove harmless leaves the loop scalar, and a loop over just
 * 16 lanes is unrolled before it is looked at. So whatever takes time copies what it needs to the
 * front of scratch rows and does its arithmetic in the loops at the end of this file; measured,
 * that is four times the rate of the obvious loops. Scratch grows to the largest call and is kept.
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
  public void unpack(byte[] pixels, int[] starts, int size, Lanes out) {
    float[] values = out.values();
    for (int i = 0; i < size; i++) {
      int at = out.start() + i * LANES;
      for (int lane = 0; lane < LANES; lane++) {
        values[at + lane] = (pixels[starts[lane] + i] & 0xff) / 255f;
      }
    }
  }

  @Override
  public void unpack(float[] image, int lane, int size, Lanes out) {
    float[] values = out.values();
    int at = out.start() + lane;
    for (int i = 0; i < size; i++) {
      values[at + i * LANES] = image[i] / 255f;
    }
  }

  @Override
  public void convolutionForward(
      ConvolutionShape shape, Lanes in, float[] parameters, int weights, Lanes out) {
    int row = shape.outWidth() * LANES;
    reserve(row, 0, shape.groupMaps(), row);
    for (int group = 0; group < shape.groups(); group++) {
      for (int y = 0; y < shape.outHeight(); y++) {
        forwardRow(shape, group, y, in, parameters, weights, out);
      }
    }
  }

  /** One row of every map of a group. */
  private void forwardRow(
      ConvolutionShape shape,
      int group,
      int y,
      Lanes in,
      float[] parameters,
      int weights,
      Lanes out) {
    int maps = shape.groupMaps();
    int first = group * maps;
    int bias = weights + shape.maps() * shape.taps() + first;
    int row = shape.outWidth() * LANES;
    for (int q = 0; q < maps; q++) {
      Arrays.fill(rows[q], 0, row, parameters[bias + q]);
    }
    for (int line = 0; line < shape.groupChannels() * shape.kernelHeight(); line++) {
      int inRow = shape.row(y, line % shape.kernelHeight());
      if (inRow >= 0 && inRow < shape.height()) {
        int channel = group * shape.groupChannels() + line / shape.kernelHeight();
        int tap = weights + first * shape.taps() + line * shape.kernelWidth();
        forwardLine(shape, in, channel * shape.height() + inRow, parameters, tap);
      }
    }
    for (int q = 0; q < maps; q++) {
      int to = out.start() + ((first + q) * shape.outHeight() + y) * row;
      System.arraycopy(rows[q], 0, out.values(), to, row);
    }
  }

  /** Adds to a row of every map what one row of a kernel makes of one row of the input. */
  private void forwardLine(
      ConvolutionShape shape, Lanes in, int inRow, float[] parameters, int weights) {
    for (int v = 0; v < shape.kernelWidth(); v++) {
      int first = shape.firstColumn(v);
      int end = shape.endColumn(v);
      int from = in.start() + (inRow * shape.width() + shape.column(first, v)) * LANES;
      copy(in.values(), from, shape.stride(), shared, first * LANES, 1, end - first);
      addProducts(
          parameters, weights + v, shape.taps(), shape.groupMaps(), first * LANES, end * LANES);
    }
  }

  @Override
  public void convolutionInputGradient(
      ConvolutionShape shape,
      Lanes outGradient,
      float[] parameters,
      int weights,
      Lanes inGradient) {
    int row = partOfRow(shape) * shape.stride();
    reserve(row, 0, shape.groupChannels(), row);
    for (int group = 0; group < shape.groups(); group++) {
      for (int i = 0; i < shape.height(); i++) {
        inputGradientRow(shape, group, i, outGradient, parameters, weights, inGradient);
      }
    }
  }

  /**
   * Columns that differ by a multiple of the stride are met by the same taps, so a row is kept in
   * parts: column j at place j / stride of part j % stride.
   */
  private static int partOfRow(ConvolutionShape shape) {
    return (shape.width() + shape.stride() - 1) / shape.stride() * LANES;
  }

  /** One row of every channel of a group. */
  private void inputGradientRow(
      ConvolutionShape shape,
      int group,
      int i,
      Lanes outGradient,
      float[] parameters,
      int weights,
      Lanes inGradient) {
    int channels = shape.groupChannels();
    int part = partOfRow(shape);
    for (int p = 0; p < channels; p++) {
      Arrays.fill(rows[p], 0, part * shape.stride(), 0f);
    }
    for (int line = 0; line < shape.groupMaps() * shape.kernelHeight(); line++) {
      int q = group * shape.groupMaps() + line / shape.kernelHeight();
      int u = line % shape.kernelHeight();
      int distance = i - shape.row(0, u);
      int y = distance / shape.stride();
      if (distance >= 0 && distance % shape.stride() == 0 && y < shape.outHeight()) {
        int tap = weights + q * shape.taps() + u * shape.kernelWidth();
        inputGradientLine(shape, outGradient, q * shape.outHeight() + y, parameters, tap, part);
      }
    }
    for (int p = 0; p < channels; p++) {
      int inRow = (group * channels + p) * shape.height() + i;
      for (int j = 0; j < shape.stride(); j++) {
        int to = inGradient.start() + (inRow * shape.width() + j) * LANES;
        int count = (shape.width() - j + shape.stride() - 1) / shape.stride();
        copy(rows[p], j * part, 1, inGradient.values(), to, shape.stride(), count);
      }
    }
  }

  /** Adds to a row of every channel what one row of a kernel makes of one row of the output. */
  private void inputGradientLine(
      ConvolutionShape shape,
      Lanes outGradient,
      int outRow,
      float[] parameters,
      int weights,
      int part) {
    for (int v = 0; v < shape.kernelWidth(); v++) {
      int first = shape.firstColumn(v);
      int length = (shape.endColumn(v) - first) * LANES;
      int from = outGradient.start() + (outRow * shape.outWidth() + first) * LANES;
      int j = shape.column(first, v);
      int to = j % shape.stride() * part + j / shape.stride() * LANES;
      System.arraycopy(outGradient.values(), from, shared, to, length);
      addProducts(parameters, weights + v, shape.area(), shape.groupChannels(), to, to + length);
    }
  }

  @Override
  public boolean convolutionWeightGradient(
      ConvolutionShape shape, Lanes in, Lanes outGradient, long[] sum, int weights, float limit) {
    // The window under one output position, ended by a constant 1: the bias is its weight.
    int window = shape.taps();
    int length = (window + 1) * LANES;
    reserve(length, length, shape.groupMaps(), length);
    Arrays.fill(shared, window * LANES, length, 1f);
    boolean inRange = true;
    for (int group = 0; group < shape.groups(); group++) {
      windowGradients(shape, group, in, outGradient, length);
      inRange &= addWindows(shape, group, sum, weights, limit);
    }
    return inRange;
  }

  /** Leaves the gradients of a group's maps in the rows, in the order of the input. */
  private void windowGradients(
      ConvolutionShape shape, int group, Lanes in, Lanes outGradient, int length) {
    int first = group * shape.groupMaps();
    for (int q = 0; q < shape.groupMaps(); q++) {
      Arrays.fill(rows[q], 0, length, 0f);
    }
    for (int y = 0; y < shape.outHeight(); y++) {
      for (int x = 0; x < shape.outWidth(); x++) {
        window(shape, group, in, y, x);
        for (int q = 0; q < shape.groupMaps(); q++) {
          int position = ((first + q) * shape.outHeight() + y) * shape.outWidth() + x;
          int from = outGradient.start() + position * LANES;
          repeatLanes(outGradient.values(), from, tiled, length);
          addProducts(shared, tiled, rows[q], length);
        }
      }
    }
  }

  /** Copies the window under one output position, in the order of the input. */
  private void window(ConvolutionShape shape, int group, Lanes in, int y, int x) {
    int lineLength = shape.kernelWidth() * LANES;
    int column = x * shape.stride() - shape.padding().left();
    int left = Math.max(0, -column) * LANES;
    int right = Math.min(shape.kernelWidth(), shape.width() - column) * LANES;
    for (int line = 0; line < shape.groupChannels() * shape.kernelHeight(); line++) {
      int row = y * shape.stride() - shape.padding().top() + line % shape.kernelHeight();
      int to = line * lineLength;
      if (row < 0 || row >= shape.height()) {
        Arrays.fill(shared, to, to + lineLength, 0f);
        continue;
      }
      int channel = group * shape.groupChannels() + line / shape.kernelHeight();
      int inRow = channel * shape.height() + row;
      int from = in.start() + (inRow * shape.width() + column) * LANES;
      Arrays.fill(shared, to, to + left, 0f);
      System.arraycopy(in.values(), from + left, shared, to + left, right - left);
      Arrays.fill(shared, to + right, to + lineLength, 0f);
    }
  }

  /** Adds the gradients in the rows, whose windows lie in the order of the input, to the sum. */
  private boolean addWindows(
      ConvolutionShape shape, int group, long[] sum, int weights, float limit) {
    int area = shape.area();
    int window = shape.taps();
    int first = group * shape.groupMaps();
    boolean inRange = true;
    for (int q = 0; q < shape.groupMaps(); q++) {
      int map = weights + (first + q) * window;
      for (int i = 0; i < window; i++) {
        int tap = i / area * area + (area - 1 - i % area);
        inRange &= addLanes(rows[q], i * LANES, sum, map + tap, limit);
      }
      int bias = weights + shape.maps() * window + first + q;
      inRange &= addLanes(rows[q], window * LANES, sum, bias, limit);
    }
    return inRange;
  }

  @Override
  public void meanPoolingForward(PoolingShape shape, Lanes in, Lanes out) {
    float[] from = in.values();
    float[] to = out.values();
    float scale = shape.scale();
    int o = out.start();
    for (int row = 0; row < shape.channels() * shape.outHeight(); row++) {
      for (int x = 0; x < shape.outWidth(); x++) {
        int window = in.start() + window(shape, row, x);
        for (int lane = 0; lane < LANES; lane++, o++) {
          float sum = 0f;
          for (int u = 0; u < shape.size(); u++) {
            for (int v = 0; v < shape.size(); v++) {
              sum += from[window + (u * shape.width() + v) * LANES + lane];
            }
          }
          to[o] = sum * scale;
        }
      }
    }
  }

  /**
   * Where in the input the window of an output position starts.
   *
   * @param row of the output, counted through all its channels
   */
  static int window(PoolingShape shape, int row, int x) {
    int channel = row / shape.outHeight();
    int inRow = channel * shape.height() + row % shape.outHeight() * shape.stride();
    return (inRow * shape.width() + x * shape.stride()) * LANES;
  }

  @Override
  public void meanPoolingBackward(PoolingShape shape, Lanes outGradient, Lanes inGradient) {
    float[] from = outGradient.values();
    float[] to = inGradient.values();
    float scale = shape.scale();
    int at = inGradient.start();
    for (int row = 0; row < shape.channels() * shape.height(); row++) {
      int i = row % shape.height();
      int map =
          outGradient.start() + row / shape.height() * shape.outHeight() * shape.outWidth() * LANES;
      for (int j = 0; j < shape.width(); j++) {
        for (int lane = 0; lane < LANES; lane++) {
          float sum = 0f;
          boolean first = true;
          for (int y = shape.firstWindow(i); y < shape.endRow(i); y++) {
            for (int x = shape.firstWindow(j); x < shape.endColumn(j); x++) {
              float gradient = from[map + (y * shape.outWidth() + x) * LANES + lane];
              sum = first ? gradient : sum + gradient;
              first = false;
            }
          }
          to[at++] = sum * scale;
        }
      }
    }
  }

  @Override
  public void maxPoolingForward(PoolingShape shape, Lanes in, Lanes out) {
    int o = out.start();
    for (int row = 0; row < shape.channels() * shape.outHeight(); row++) {
      for (int x = 0; x < shape.outWidth(); x++) {
        int window = in.start() + window(shape, row, x);
        for (int lane = 0; lane < LANES; lane++, o++) {
          out.values()[o] = maximum(shape, in.values(), window + lane);
        }
      }
    }
  }

  private static float maximum(PoolingShape shape, float[] in, int window) {
    float max = Float.NEGATIVE_INFINITY;
    for (int u = 0; u < shape.size(); u++) {
      for (int v = 0; v < shape.size(); v++) {
        max = Math.max(max, in[window + (u * shape.width() + v) * LANES]);
      }
    }
    return max;
  }

  @Override
  public void maxPoolingBackward(
      PoolingShape shape, Lanes in, Lanes outGradient, Lanes inGradient) {
    int size = shape.channels() * shape.height() * shape.width() * LANES;
    Arrays.fill(inGradient.values(), inGradient.start(), inGradient.start() + size, 0f);
    int o = outGradient.start();
    for (int row = 0; row < shape.channels() * shape.outHeight(); row++) {
      for (int x = 0; x < shape.outWidth(); x++) {
        int window = window(shape, row, x);
        for (int lane = window; lane < window + LANES; lane++, o++) {
          int distance = distanceOfMaximum(shape, in.values(), in.start() + lane);
          inGradient.values()[inGradient.start() + lane + distance] += outGradient.values()[o];
        }
      }
    }
  }

  /** From the start of a window to its first element that is not less than the maximum. */
  private static int distanceOfMaximum(PoolingShape shape, float[] in, int window) {
    float max = maximum(shape, in, window);
    int i = 0;
    int distance = 0;
    while (in[window + distance] < max) {
      i++;
      distance = (i / shape.size() * shape.width() + i % shape.size()) * LANES;
    }
    return distance;
  }

  @Override
  public void globalMeanPoolingForward(Lanes in, int channels, int height, int width, Lanes out) {
    float scale = 1f / (height * width);
    for (int c = 0; c < channels; c++) {
      for (int lane = 0; lane < LANES; lane++) {
        float sum = 0f;
        for (int y = 0; y < height; y++) {
          float row = 0f;
          for (int x = 0; x < width; x++) {
            row += in.get((c * height + y) * width + x, lane);
          }
          sum += row;
        }
        out.set(c, lane, sum * scale);
      }
    }
  }

  @Override
  public void globalMeanPoolingBackward(
      Lanes outGradient, int channels, int height, int width, Lanes inGradient) {
    float scale = 1f / (height * width);
    for (int i = 0; i < channels * height * width; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        inGradient.set(i, lane, outGradient.get(i / (height * width), lane) * scale);
      }
    }
  }

  @Override
  public void columnScan(Lanes in, int channels, int height, int width, Lanes out) {
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        int from = in.start() + (c * height + y) * width * LANES;
        int to = out.start() + (c * width * height + y) * LANES;
        copy(in.values(), from, 1, out.values(), to, height, width);
      }
    }
  }

  @Override
  public void denseForward(
      Lanes in, int inputs, float[] parameters, int weights, int units, Lanes out) {
    float[] from = in.values();
    float[] to = out.values();
    int bias = weights + units * inputs;
    for (int i = 0; i < units; i++) {
      int o = out.start() + i * LANES;
      Arrays.fill(to, o, o + LANES, parameters[bias + i]);
      for (int j = 0; j < inputs; j++) {
        float weight = parameters[weights + i * inputs + j];
        int at = in.start() + j * LANES;
        for (int lane = 0; lane < LANES; lane++) {
          to[o + lane] = Math.fma(weight, from[at + lane], to[o + lane]);
        }
      }
    }
  }

  @Override
  public void denseInputGradient(
      Lanes outGradient, int inputs, float[] parameters, int weights, int units, Lanes inGradient) {
    float[] from = outGradient.values();
    float[] to = inGradient.values();
    Arrays.fill(to, inGradient.start(), inGradient.start() + inputs * LANES, 0f);
    for (int i = 0; i < units; i++) {
      int o = outGradient.start() + i * LANES;
      for (int j = 0; j < inputs; j++) {
        float weight = parameters[weights + i * inputs + j];
        int at = inGradient.start() + j * LANES;
        for (int lane = 0; lane < LANES; lane++) {
          to[at + lane] = Math.fma(weight, from[o + lane], to[at + lane]);
        }
      }
    }
  }

  @Override
  public boolean denseWeightGradient(
      Lanes in, int inputs, Lanes outGradient, int units, long[] sum, int weights, float limit) {
    int length = inputs * LANES;
    reserve(length, length, 1, length);
    System.arraycopy(in.values(), in.start(), rows[0], 0, length);
    boolean inRange = true;
    for (int i = 0; i < units; i++) {
      int error = outGradient.start() + i * LANES;
      repeatLanes(outGradient.values(), error, tiled, length);
      multiply(rows[0], tiled, shared, length);
      for (int j = 0; j < inputs; j++) {
        inRange &= addLanes(shared, j * LANES, sum, weights + i * inputs + j, limit);
      }
      int bias = weights + units * inputs + i;
      inRange &= addLanes(outGradient.values(), error, sum, bias, limit);
    }
    return inRange;
  }

  @Override
  public void sigmoidForward(Lanes in, int size, Lanes out) {
    int length = size * LANES;
    reserve(length, length, 0, 0);
    System.arraycopy(in.values(), in.start(), tiled, 0, length);
    // The middle loop moves bits between float and int, which keeps it scalar; the others
    // vectorise.
    exponents(tiled, shared, length);
    for (int i = 0; i < length; i++) {
      int n = Float.floatToRawIntBits(shared[i]) - Float.floatToRawIntBits(FloatMath.ROUNDER);
      shared[i] = Float.intBitsToFloat((n + 127) << 23);
    }
    reciprocals(tiled, shared, length);
    System.arraycopy(tiled, 0, out.values(), out.start(), length);
  }

  @Override
  public void sigmoidBackward(Lanes out, int size, Lanes outGradient, Lanes inGradient) {
    int length = size * LANES;
    reserve(length, length, 0, 0);
    System.arraycopy(out.values(), out.start(), shared, 0, length);
    System.arraycopy(outGradient.values(), outGradient.start(), tiled, 0, length);
    multiplyBySlopes(tiled, shared, length);
    System.arraycopy(tiled, 0, inGradient.values(), inGradient.start(), length);
  }

  @Override
  public void tanhForward(Lanes in, int size, Lanes out) {
    for (int i = 0; i < size * LANES; i++) {
      out.values()[out.start() + i] = FloatMath.tanh(in.values()[in.start() + i]);
    }
  }

  @Override
  public void tanhBackward(Lanes out, int size, Lanes outGradient, Lanes inGradient) {
    for (int i = 0; i < size * LANES; i++) {
      float y = out.values()[out.start() + i];
      float slope = Math.fma(-y, y, 1f);
      inGradient.values()[inGradient.start() + i] =
          outGradient.values()[outGradient.start() + i] * slope;
    }
  }

  @Override
  public void reluForward(Lanes in, int size, float slope, Lanes out) {
    for (int i = 0; i < size * LANES; i++) {
      float x = in.values()[in.start() + i];
      out.values()[out.start() + i] = x < 0 ? slope == 0 ? 0f : x * slope : x;
    }
  }

  @Override
  public void reluBackward(Lanes out, int size, float slope, Lanes outGradient, Lanes inGradient) {
    for (int i = 0; i < size * LANES; i++) {
      float g = outGradient.values()[outGradient.start() + i];
      boolean above = out.values()[out.start() + i] > 0;
      inGradient.values()[inGradient.start() + i] = above ? g : slope == 0 ? 0f : g * slope;
    }
  }

  @Override
  public void geluForward(Lanes in, int size, Lanes out) {
    for (int i = 0; i < size * LANES; i++) {
      out.values()[out.start() + i] = FloatMath.gelu(in.values()[in.start() + i]);
    }
  }

  @Override
  public void geluBackward(Lanes in, int size, Lanes outGradient, Lanes inGradient) {
    for (int i = 0; i < size * LANES; i++) {
      inGradient.values()[inGradient.start() + i] =
          outGradient.values()[outGradient.start() + i]
              * FloatMath.geluSlope(in.values()[in.start() + i]);
    }
  }

  @Override
  public void softmaxForward(Lanes in, int units, Lanes out) {
    for (int lane = 0; lane < LANES; lane++) {
      float sum = exponentials(in, units, lane, largest(in, units, lane), out);
      for (int i = 0; i < units; i++) {
        out.set(i, lane, out.get(i, lane) / sum);
      }
    }
  }

  private static float largest(Lanes in, int units, int lane) {
    float largest = in.get(0, lane);
    for (int i = 1; i < units; i++) {
      float x = in.get(i, lane);
      largest = x > largest ? x : largest;
    }
    return largest;
  }

  private static float exponentials(Lanes in, int units, int lane, float largest, Lanes out) {
    float sum = 0f;
    for (int i = 0; i < units; i++) {
      float e = FloatMath.boundedExp(in.get(i, lane) - largest);
      out.set(i, lane, e);
      sum += e;
    }
    return sum;
  }

  @Override
  public void softmaxBackward(Lanes out, int units, Lanes outGradient, Lanes inGradient) {
    for (int lane = 0; lane < LANES; lane++) {
      float sum = 0f;
      for (int i = 0; i < units; i++) {
        sum = Math.fma(outGradient.get(i, lane), out.get(i, lane), sum);
      }
      for (int i = 0; i < units; i++) {
        inGradient.set(i, lane, out.get(i, lane) * (outGradient.get(i, lane) - sum));
      }
    }
  }

  @Override
  public void add(Lanes a, Lanes b, int size, Lanes out) {
    for (int i = 0; i < size * LANES; i++) {
      out.values()[out.start() + i] = a.values()[a.start() + i] + b.values()[b.start() + i];
    }
  }

  @Override
  public void multiply(Lanes a, Lanes b, int size, Lanes out) {
    for (int i = 0; i < size * LANES; i++) {
      out.values()[out.start() + i] = a.values()[a.start() + i] * b.values()[b.start() + i];
    }
  }

  @Override
  public void shiftAndScale(Lanes values, int channels, int plane, float[] shift, float[] scale) {
    for (int c = 0; c < channels; c++) {
      int from = values.start() + c * plane * LANES;
      for (int i = from; i < from + plane * LANES; i++) {
        values.values()[i] = (values.values()[i] - shift[c]) * scale[c];
      }
    }
  }

  @Override
  public void scaleLanes(Lanes values, int size, float[] factors) {
    for (int i = 0; i < size; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        values.set(i, lane, values.get(i, lane) * factors[lane]);
      }
    }
  }

  @Override
  public void normalizationForward(
      NormalizationShape shape,
      Lanes in,
      float[] parameters,
      int weights,
      Lanes statistics,
      Lanes out) {
    int columns = shape.columns();
    for (int group = 0; group < shape.groups(); group++) {
      int first = group * shape.groupRows();
      for (int lane = 0; lane < LANES; lane++) {
        setStatistics(shape, in, group, lane, statistics);
        float mean = statistics.get(2 * group, lane);
        float scale = statistics.get(2 * group + 1, lane);
        for (int row = first; row < first + shape.groupRows(); row++) {
          int weight = weights + shape.weight(row);
          for (int x = 0; x < columns; x++) {
            float normal = (in.get(row * columns + x, lane) - mean) * scale;
            int w = weight + x * shape.weightStep();
            float bias = parameters[w + shape.weights()];
            out.set(row * columns + x, lane, Math.fma(normal, parameters[w], bias));
          }
        }
      }
    }
  }

  private static void setStatistics(
      NormalizationShape shape, Lanes in, int group, int lane, Lanes statistics) {
    int columns = shape.columns();
    int first = group * shape.groupRows();
    float share = 1f / shape.groupSize();
    float sum = 0f;
    for (int row = first; row < first + shape.groupRows(); row++) {
      float rowSum = 0f;
      for (int x = 0; x < columns; x++) {
        rowSum += in.get(row * columns + x, lane);
      }
      sum += rowSum;
    }
    float mean = sum * share;
    float squares = 0f;
    for (int row = first; row < first + shape.groupRows(); row++) {
      float rowSquares = 0f;
      for (int x = 0; x < columns; x++) {
        float difference = in.get(row * columns + x, lane) - mean;
        rowSquares = Math.fma(difference, difference, rowSquares);
      }
      squares += rowSquares;
    }
    statistics.set(2 * group, lane, mean);
    statistics.set(2 * group + 1, lane, 1f / (float) Math.sqrt(squares * share + shape.epsilon()));
  }

  @Override
  public void normalizationInputGradient(
      NormalizationShape shape,
      Lanes in,
      float[] parameters,
      int weights,
      Lanes statistics,
      Lanes outGradient,
      Lanes inGradient) {
    int columns = shape.columns();
    float share = 1f / shape.groupSize();
    for (int group = 0; group < shape.groups(); group++) {
      int first = group * shape.groupRows();
      for (int lane = 0; lane < LANES; lane++) {
        float mean = statistics.get(2 * group, lane);
        float scale = statistics.get(2 * group + 1, lane);
        float sum = 0f;
        float products = 0f;
        for (int row = first; row < first + shape.groupRows(); row++) {
          float rowSum = 0f;
          float rowProducts = 0f;
          for (int x = 0; x < columns; x++) {
            int w = weights + shape.weight(row) + x * shape.weightStep();
            float g = outGradient.get(row * columns + x, lane) * parameters[w];
            rowSum += g;
            float normal = (in.get(row * columns + x, lane) - mean) * scale;
            rowProducts = Math.fma(g, normal, rowProducts);
          }
          sum += rowSum;
          products += rowProducts;
        }
        for (int row = first; row < first + shape.groupRows(); row++) {
          for (int x = 0; x < columns; x++) {
            int w = weights + shape.weight(row) + x * shape.weightStep();
            float g = outGradient.get(row * columns + x, lane) * parameters[w];
            float normal = (in.get(row * columns + x, lane) - mean) * scale;
            float common = Math.fma(normal, products, sum) * share;
            inGradient.set(row * columns + x, lane, (g - common) * scale);
          }
        }
      }
    }
  }

  @Override
  public boolean normalizationWeightGradient(
      NormalizationShape shape,
      Lanes in,
      Lanes statistics,
      Lanes outGradient,
      long[] sum,
      int weights,
      float limit) {
    int size = shape.weights() * LANES;
    reserve(size, size, 0, 0);
    Arrays.fill(shared, 0, size, 0f);
    Arrays.fill(tiled, 0, size, 0f);
    int columns = shape.columns();
    for (int row = 0; row < shape.channels() * shape.rows(); row++) {
      int group = row / shape.groupRows();
      for (int lane = 0; lane < LANES; lane++) {
        float mean = statistics.get(2 * group, lane);
        float scale = statistics.get(2 * group + 1, lane);
        float products = 0f;
        float errors = 0f;
        for (int x = 0; x < columns; x++) {
          float g = outGradient.get(row * columns + x, lane);
          float normal = (in.get(row * columns + x, lane) - mean) * scale;
          if (shape.perElement()) {
            shared[(row * columns + x) * LANES + lane] = g * normal;
            tiled[(row * columns + x) * LANES + lane] = g;
          }
          products = Math.fma(g, normal, products);
          errors += g;
        }
        if (!shape.perElement()) {
          shared[row / shape.rows() * LANES + lane] += products;
          tiled[row / shape.rows() * LANES + lane] += errors;
        }
      }
    }
    boolean inRange = true;
    for (int i = 0; i < shape.weights(); i++) {
      inRange &= addLanes(shared, i * LANES, sum, weights + i, limit);
      inRange &= addLanes(tiled, i * LANES, sum, weights + shape.weights() + i, limit);
    }
    return inRange;
  }

  @Override
  public void squaredError(
      Lanes out,
      int units,
      Lanes targets,
      float[] weights,
      int lanes,
      Lanes gradient,
      float[] loss) {
    Arrays.fill(loss, 0f);
    for (int i = 0; i < units; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        float difference = lane < lanes ? out.get(i, lane) - targets.get(i, lane) : 0f;
        float weighted = difference * weights[i];
        gradient.set(i, lane, weighted);
        loss[lane] = Math.fma(weighted, difference, loss[lane]);
      }
    }
    for (int lane = 0; lane < LANES; lane++) {
      loss[lane] *= 0.5f;
    }
  }

  @Override
  public void softmaxCrossEntropy(
      Lanes out,
      int units,
      Lanes targets,
      int lanes,
      float smoothing,
      Lanes gradient,
      float[] loss) {
    float everywhere = smoothing / units;
    float label = 1f - smoothing;
    for (int lane = 0; lane < LANES; lane++) {
      float largest = largest(out, units, lane);
      float distance = 0f;
      for (int i = 0; i < units && smoothing > 0; i++) {
        distance += out.get(i, lane) - largest;
      }
      float x = 0f;
      float sum = exponentials(out, units, lane, largest, gradient);
      for (int i = 0; i < units; i++) {
        boolean labelled = targets.get(i, lane) > 0;
        x = labelled ? out.get(i, lane) : x;
        float target = labelled ? everywhere + label : everywhere;
        gradient.set(i, lane, lane < lanes ? gradient.get(i, lane) / sum - target : 0f);
      }
      double margin = label * ((double) x - largest) + everywhere * (double) distance;
      loss[lane] = lane < lanes ? (float) (StrictMath.log(sum) - margin) : 0f;
    }
  }

  @Override
  public void binaryCrossEntropy(
      Lanes out,
      int units,
      Lanes targets,
      float[] weights,
      int lanes,
      Lanes gradient,
      float[] loss) {
    Arrays.fill(loss, 0f);
    sigmoidForward(out, units, gradient);
    for (int i = 0; i < units; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        if (lane < lanes) {
          float x = out.get(i, lane);
          float target = targets.get(i, lane);
          float term = FloatMath.softplus(target > 0 ? -x : x);
          loss[lane] = Math.fma(term, weights[i], loss[lane]);
          gradient.set(i, lane, (gradient.get(i, lane) - target) * weights[i]);
        } else {
          gradient.set(i, lane, 0f);
        }
      }
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

  /** Copies elements of 16 lanes, each {@code step} elements from the one before it. */
  private static void copy(
      float[] in, int from, int inStep, float[] out, int to, int outStep, int count) {
    if (inStep == 1 && outStep == 1) {
      System.arraycopy(in, from, out, to, count * LANES);
      return;
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(in, from + i * inStep * LANES, out, to + i * outStep * LANES, LANES);
    }
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

  /**
   * rows[r][i] += weight(r) * shared[i] for i in [from, to), the weight of row r being at first + r
   * * step.
   */
  private void addProducts(float[] weights, int first, int step, int count, int from, int to) {
    int r = 0;
    for (; r + TILE <= count; r += TILE) {
      int w = first + r * step;
      addProducts(
          weights[w],
          weights[w + step],
          weights[w + 2 * step],
          weights[w + 3 * step],
          shared,
          rows[r],
          rows[r + 1],
          rows[r + 2],
          rows[r + 3],
          from,
          to);
    }
    for (; r < count; r++) {
      addProducts(weights[first + r * step], shared, rows[r], from, to);
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
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      row0[i] = Math.fma(w0, x[i], row0[i]);
      row1[i] = Math.fma(w1, x[i], row1[i]);
      row2[i] = Math.fma(w2, x[i], row2[i]);
      row3[i] = Math.fma(w3, x[i], row3[i]);
    }
  }

  private static void addProducts(float weight, float[] x, float[] row, int from, int to) {
    for (int i = from; i < to; i++) {
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

  private static void multiplyBySlopes(float[] gradient, float[] values, int length) {
    for (int i = 0; i < length; i++) {
      gradient[i] = gradient[i] * (values[i] * (1f - values[i]));
    }
  }
}
