package io.gradcast.engine.kernel;

/**
 * The contract of {@link Kernels} as the obvious loops, a lane at a time: slow, and plainly right.
 */
final class NaiveKernels implements Kernels {

  private static final Kernels OBVIOUS = Kernels.scalar();

  @Override
  public String description() {
    return "naive";
  }

  @Override
  public void unpack(byte[] pixels, int[] starts, int size, Lanes out) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < size; i++) {
        out.set(i, lane, Byte.toUnsignedInt(pixels[starts[lane] + i]) / 255f);
      }
    }
  }

  /** What a body does with one tap that meets an input position. */
  private interface Meeting {
    void at(int weight, int in, int out);
  }

  /** All meetings, for each (q, p, u, v) those at output positions in the order of y, x. */
  private static void meetings(ConvolutionShape s, Meeting meeting) {
    int channels = s.channels() / s.groups();
    for (int weight = 0; weight < s.maps() * s.taps(); weight++) {
      int v = weight % s.kernelWidth();
      int u = weight / s.kernelWidth() % s.kernelHeight();
      int q = weight / (s.area() * channels);
      int p = q / (s.maps() / s.groups()) * channels + weight / s.area() % channels;
      for (int y = 0; y < s.outHeight(); y++) {
        for (int x = 0; x < s.outWidth(); x++) {
          int row = y * s.stride() + s.kernelHeight() - 1 - u - s.padding().top();
          int column = x * s.stride() + s.kernelWidth() - 1 - v - s.padding().left();
          if (row >= 0 && row < s.height() && column >= 0 && column < s.width()) {
            meeting.at(
                weight,
                (p * s.height() + row) * s.width() + column,
                (q * s.outHeight() + y) * s.outWidth() + x);
          }
        }
      }
    }
  }

  @Override
  public void unpack(float[] image, int lane, int size, Lanes out) {
    for (int i = 0; i < size; i++) {
      out.set(i, lane, image[i] / 255f);
    }
  }

  @Override
  public void convolutionForward(
      ConvolutionShape shape, Lanes in, float[] parameters, int weights, Lanes out) {
    int area = shape.outHeight() * shape.outWidth();
    int bias = weights + shape.maps() * shape.taps();
    for (int lane = 0; lane < LANES; lane++) {
      int l = lane;
      for (int i = 0; i < shape.maps() * area; i++) {
        out.set(i, l, parameters[bias + i / area]);
      }
      meetings(
          shape,
          (w, i, o) ->
              out.set(o, l, Math.fma(parameters[weights + w], in.get(i, l), out.get(o, l))));
    }
  }

  @Override
  public void convolutionInputGradient(
      ConvolutionShape shape,
      Lanes outGradient,
      float[] parameters,
      int weights,
      Lanes inGradient) {
    for (int lane = 0; lane < LANES; lane++) {
      int l = lane;
      for (int i = 0; i < shape.channels() * shape.height() * shape.width(); i++) {
        inGradient.set(i, l, 0f);
      }
      meetings(
          shape,
          (w, i, o) ->
              inGradient.set(
                  i,
                  l,
                  Math.fma(parameters[weights + w], outGradient.get(o, l), inGradient.get(i, l))));
    }
  }

  @Override
  public boolean convolutionWeightGradient(
      ConvolutionShape shape, Lanes in, Lanes outGradient, long[] sum, int weights, float limit) {
    int area = shape.outHeight() * shape.outWidth();
    int count = shape.maps() * shape.taps();
    boolean inRange = true;
    for (int lane = 0; lane < LANES; lane++) {
      int l = lane;
      float[] gradient = new float[count + shape.maps()];
      for (int i = 0; i < shape.maps() * area; i++) {
        gradient[count + i / area] += outGradient.get(i, l);
      }
      meetings(
          shape,
          (w, i, o) -> gradient[w] = Math.fma(outGradient.get(o, l), in.get(i, l), gradient[w]));
      for (int i = 0; i < gradient.length; i++) {
        inRange &= add(gradient[i], sum, weights + i, limit);
      }
    }
    return inRange;
  }

  private static boolean add(float value, long[] sum, int to, float limit) {
    sum[to] += FixedPoint.of(value);
    return FixedPoint.inRange(value, limit);
  }

  /** What a body does with the window of one output position, its elements being row by row. */
  private interface Window {
    void at(int out, int[] elements);
  }

  private static void windows(PoolingShape s, Window window) {
    int o = 0;
    for (int c = 0; c < s.channels(); c++) {
      for (int y = 0; y + s.size() <= s.height(); y += s.stride()) {
        for (int x = 0; x + s.size() <= s.width(); x += s.stride()) {
          int[] elements = new int[s.size() * s.size()];
          for (int i = 0; i < elements.length; i++) {
            int row = c * s.height() + y + i / s.size();
            elements[i] = row * s.width() + x + i % s.size();
          }
          window.at(o++, elements);
        }
      }
    }
  }

  @Override
  public void meanPoolingForward(PoolingShape shape, Lanes in, Lanes out) {
    for (int lane = 0; lane < LANES; lane++) {
      int l = lane;
      windows(
          shape,
          (o, elements) -> {
            float sum = 0;
            for (int i : elements) {
              sum += in.get(i, l);
            }
            out.set(o, l, sum * (1f / (shape.size() * shape.size())));
          });
    }
  }

  @Override
  public void meanPoolingBackward(PoolingShape shape, Lanes outGradient, Lanes inGradient) {
    int size = shape.channels() * shape.height() * shape.width();
    for (int lane = 0; lane < LANES; lane++) {
      int l = lane;
      boolean[] begun = new boolean[size];
      float[] sums = new float[size];
      windows(
          shape,
          (o, elements) -> {
            for (int i : elements) {
              sums[i] = begun[i] ? sums[i] + outGradient.get(o, l) : outGradient.get(o, l);
              begun[i] = true;
            }
          });
      for (int i = 0; i < size; i++) {
        inGradient.set(i, l, sums[i] * (1f / (shape.size() * shape.size())));
      }
    }
  }

  @Override
  public void maxPoolingForward(PoolingShape shape, Lanes in, Lanes out) {
    for (int lane = 0; lane < LANES; lane++) {
      int l = lane;
      windows(
          shape,
          (o, elements) -> {
            float max = in.get(elements[0], l);
            for (int i : elements) {
              max = Math.max(max, in.get(i, l));
            }
            out.set(o, l, max);
          });
    }
  }

  @Override
  public void maxPoolingBackward(
      PoolingShape shape, Lanes in, Lanes outGradient, Lanes inGradient) {
    for (int lane = 0; lane < LANES; lane++) {
      int l = lane;
      for (int i = 0; i < shape.channels() * shape.height() * shape.width(); i++) {
        inGradient.set(i, l, 0f);
      }
      windows(
          shape,
          (o, elements) -> {
            int best = elements[0];
            boolean isNumber = !Float.isNaN(in.get(best, l));
            for (int i : elements) {
              isNumber &= !Float.isNaN(in.get(i, l));
              best = in.get(i, l) > in.get(best, l) ? i : best;
            }
            best = isNumber ? best : elements[0];
            inGradient.set(best, l, inGradient.get(best, l) + outGradient.get(o, l));
          });
    }
  }

  @Override
  public void globalMeanPoolingForward(Lanes in, int channels, int height, int width, Lanes out) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int c = 0; c < channels; c++) {
        float[] sums = new float[height];
        for (int i = 0; i < height * width; i++) {
          sums[i / width] += in.get(c * height * width + i, lane);
        }
        float sum = 0;
        for (float row : sums) {
          sum += row;
        }
        out.set(c, lane, sum * (1f / (height * width)));
      }
    }
  }

  @Override
  public void globalMeanPoolingBackward(
      Lanes outGradient, int channels, int height, int width, Lanes inGradient) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < channels * height * width; i++) {
        float gradient = outGradient.get(i / (height * width), lane);
        inGradient.set(i, lane, gradient * (1f / (height * width)));
      }
    }
  }

  @Override
  public void columnScan(Lanes in, int channels, int height, int width, Lanes out) {
    for (int lane = 0; lane < LANES; lane++) {
      int n = 0;
      for (int c = 0; c < channels; c++) {
        for (int x = 0; x < width; x++) {
          for (int y = 0; y < height; y++) {
            out.set(n++, lane, in.get((c * height + y) * width + x, lane));
          }
        }
      }
    }
  }

  @Override
  public void denseForward(
      Lanes in, int inputs, float[] parameters, int weights, int units, Lanes out) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < units; i++) {
        float sum = parameters[weights + units * inputs + i];
        for (int j = 0; j < inputs; j++) {
          sum = Math.fma(parameters[weights + i * inputs + j], in.get(j, lane), sum);
        }
        out.set(i, lane, sum);
      }
    }
  }

  @Override
  public void denseInputGradient(
      Lanes outGradient, int inputs, float[] parameters, int weights, int units, Lanes inGradient) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int j = 0; j < inputs; j++) {
        float sum = 0;
        for (int i = 0; i < units; i++) {
          sum = Math.fma(parameters[weights + i * inputs + j], outGradient.get(i, lane), sum);
        }
        inGradient.set(j, lane, sum);
      }
    }
  }

  @Override
  public boolean denseWeightGradient(
      Lanes in, int inputs, Lanes outGradient, int units, long[] sum, int weights, float limit) {
    boolean inRange = true;
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < units; i++) {
        float error = outGradient.get(i, lane);
        inRange &= add(error, sum, weights + units * inputs + i, limit);
        for (int j = 0; j < inputs; j++) {
          inRange &= add(error * in.get(j, lane), sum, weights + i * inputs + j, limit);
        }
      }
    }
    return inRange;
  }

  private interface Function {
    float of(float x, float y);
  }

  private static void each(Lanes a, Lanes b, int size, Lanes out, Function function) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < size; i++) {
        out.set(i, lane, function.of(a.get(i, lane), b.get(i, lane)));
      }
    }
  }

  @Override
  public void sigmoidForward(Lanes in, int size, Lanes out) {
    each(in, in, size, out, (x, y) -> 1f / (1f + FloatMath.exp(-Math.max(-87f, Math.min(87f, x)))));
  }

  @Override
  public void sigmoidBackward(Lanes out, int size, Lanes outGradient, Lanes inGradient) {
    each(out, outGradient, size, inGradient, (y, g) -> g * (y * (1f - y)));
  }

  @Override
  public void tanhForward(Lanes in, int size, Lanes out) {
    each(in, in, size, out, (x, y) -> FloatMath.tanh(x));
  }

  @Override
  public void tanhBackward(Lanes out, int size, Lanes outGradient, Lanes inGradient) {
    each(out, outGradient, size, inGradient, (y, g) -> g * Math.fma(-y, y, 1f));
  }

  @Override
  public void reluForward(Lanes in, int size, float slope, Lanes out) {
    each(in, in, size, out, (x, y) -> x < 0 ? slope == 0 ? 0f : x * slope : x);
  }

  @Override
  public void reluBackward(Lanes out, int size, float slope, Lanes outGradient, Lanes inGradient) {
    each(out, outGradient, size, inGradient, (y, g) -> y > 0 ? g : slope == 0 ? 0f : g * slope);
  }

  @Override
  public void geluForward(Lanes in, int size, Lanes out) {
    each(in, in, size, out, (x, y) -> FloatMath.gelu(x));
  }

  @Override
  public void geluBackward(Lanes in, int size, Lanes outGradient, Lanes inGradient) {
    each(in, outGradient, size, inGradient, (x, g) -> g * FloatMath.geluSlope(x));
  }

  @Override
  public void add(Lanes a, Lanes b, int size, Lanes out) {
    each(a, b, size, out, (x, y) -> x + y);
  }

  @Override
  public void multiply(Lanes a, Lanes b, int size, Lanes out) {
    each(a, b, size, out, (x, y) -> x * y);
  }

  // From here to squaredError the scalar kernels are the obvious loops, one lane after the other;
  // LayerContractTest holds them to the mathematics.

  @Override
  public void softmaxForward(Lanes in, int units, Lanes out) {
    OBVIOUS.softmaxForward(in, units, out);
  }

  @Override
  public void softmaxBackward(Lanes out, int units, Lanes outGradient, Lanes inGradient) {
    OBVIOUS.softmaxBackward(out, units, outGradient, inGradient);
  }

  @Override
  public void shiftAndScale(Lanes values, int channels, int plane, float[] shift, float[] scale) {
    OBVIOUS.shiftAndScale(values, channels, plane, shift, scale);
  }

  @Override
  public void scaleLanes(Lanes values, int size, float[] factors) {
    OBVIOUS.scaleLanes(values, size, factors);
  }

  @Override
  public void normalizationForward(
      NormalizationShape shape,
      Lanes in,
      float[] parameters,
      int weights,
      Lanes statistics,
      Lanes out) {
    OBVIOUS.normalizationForward(shape, in, parameters, weights, statistics, out);
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
    OBVIOUS.normalizationInputGradient(
        shape, in, parameters, weights, statistics, outGradient, inGradient);
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
    return OBVIOUS.normalizationWeightGradient(
        shape, in, statistics, outGradient, sum, weights, limit);
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
    OBVIOUS.softmaxCrossEntropy(out, units, targets, lanes, smoothing, gradient, loss);
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
    OBVIOUS.binaryCrossEntropy(out, units, targets, weights, lanes, gradient, loss);
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
    for (int lane = 0; lane < LANES; lane++) {
      float sum = 0;
      for (int i = 0; i < units; i++) {
        float difference = lane < lanes ? out.get(i, lane) - targets.get(i, lane) : 0f;
        gradient.set(i, lane, difference * weights[i]);
        sum = Math.fma(difference * weights[i], difference, sum);
      }
      loss[lane] = 0.5f * sum;
    }
  }
}
