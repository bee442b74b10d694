package io.gradcast.engine.kernel;

/**
 * The contract of {@link Kernels} as the obvious loops, a lane at a time: slow, and plainly right.
 */
final class NaiveKernels implements Kernels {

  private static int at(int element, int lane) {
    return element * LANES + lane;
  }

  @Override
  public String description() {
    return "naive";
  }

  @Override
  public void unpack(byte[] pixels, int[] starts, int size, float[] out) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < size; i++) {
        out[at(i, lane)] = Byte.toUnsignedInt(pixels[starts[lane] + i]) / 255f;
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
    int outHeight = height - kernel + 1;
    int outWidth = width - kernel + 1;
    for (int lane = 0; lane < LANES; lane++) {
      for (int q = 0; q < maps; q++) {
        for (int y = 0; y < outHeight; y++) {
          for (int x = 0; x < outWidth; x++) {
            float sum = parameters[weights + maps * channels * kernel * kernel + q];
            for (int p = 0; p < channels; p++) {
              for (int u = 0; u < kernel; u++) {
                for (int v = 0; v < kernel; v++) {
                  int row = y + kernel - 1 - u;
                  int column = x + kernel - 1 - v;
                  float value = in[at((p * height + row) * width + column, lane)];
                  int weight = ((q * channels + p) * kernel + u) * kernel + v;
                  sum = Math.fma(parameters[weights + weight], value, sum);
                }
              }
            }
            out[at((q * outHeight + y) * outWidth + x, lane)] = sum;
          }
        }
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
    int outHeight = height - kernel + 1;
    int outWidth = width - kernel + 1;
    for (int lane = 0; lane < LANES; lane++) {
      for (int p = 0; p < channels; p++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            float sum = 0;
            for (int q = 0; q < maps; q++) {
              for (int u = 0; u < kernel; u++) {
                for (int v = 0; v < kernel; v++) {
                  int row = y - kernel + 1 + u;
                  int column = x - kernel + 1 + v;
                  if (row >= 0 && row < outHeight && column >= 0 && column < outWidth) {
                    float value = outGradient[at((q * outHeight + row) * outWidth + column, lane)];
                    int weight = ((q * channels + p) * kernel + u) * kernel + v;
                    sum = Math.fma(parameters[weights + weight], value, sum);
                  }
                }
              }
            }
            inGradient[at((p * height + y) * width + x, lane)] = sum;
          }
        }
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
    boolean inRange = true;
    for (int lane = 0; lane < LANES; lane++) {
      for (int q = 0; q < maps; q++) {
        float bias = 0;
        for (int i = 0; i < outHeight * outWidth; i++) {
          bias += outGradient[at(q * outHeight * outWidth + i, lane)];
        }
        int biases = weights + maps * channels * kernel * kernel;
        inRange &= add(bias, sum, biases + q, limit);
        for (int p = 0; p < channels; p++) {
          for (int u = 0; u < kernel; u++) {
            for (int v = 0; v < kernel; v++) {
              float gradient = 0;
              for (int y = 0; y < outHeight; y++) {
                for (int x = 0; x < outWidth; x++) {
                  int row = y + kernel - 1 - u;
                  int column = x + kernel - 1 - v;
                  float value = in[at((p * height + row) * width + column, lane)];
                  float error = outGradient[at((q * outHeight + y) * outWidth + x, lane)];
                  gradient = Math.fma(error, value, gradient);
                }
              }
              int weight = ((q * channels + p) * kernel + u) * kernel + v;
              inRange &= add(gradient, sum, weights + weight, limit);
            }
          }
        }
      }
    }
    return inRange;
  }

  private static boolean add(float value, long[] sum, int to, float limit) {
    sum[to] += FixedPoint.of(value);
    return FixedPoint.inRange(value, limit);
  }

  @Override
  public void meanPoolingForward(
      float[] in, int channels, int height, int width, int size, float[] out) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < height / size; y++) {
          for (int x = 0; x < width / size; x++) {
            float sum = 0;
            for (int u = 0; u < size; u++) {
              for (int v = 0; v < size; v++) {
                sum += in[at((c * height + y * size + u) * width + x * size + v, lane)];
              }
            }
            int o = (c * (height / size) + y) * (width / size) + x;
            out[at(o, lane)] = sum * (1f / (size * size));
          }
        }
      }
    }
  }

  @Override
  public void meanPoolingBackward(
      float[] outGradient, int channels, int height, int width, int size, float[] inGradient) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            int o = (c * (height / size) + y / size) * (width / size) + x / size;
            int i = (c * height + y) * width + x;
            inGradient[at(i, lane)] = outGradient[at(o, lane)] * (1f / (size * size));
          }
        }
      }
    }
  }

  @Override
  public void columnScan(float[] in, int channels, int height, int width, float[] out) {
    for (int lane = 0; lane < LANES; lane++) {
      int n = 0;
      for (int c = 0; c < channels; c++) {
        for (int x = 0; x < width; x++) {
          for (int y = 0; y < height; y++) {
            out[at(n++, lane)] = in[at((c * height + y) * width + x, lane)];
          }
        }
      }
    }
  }

  @Override
  public void denseForward(
      float[] in, int inputs, float[] parameters, int weights, int units, float[] out) {
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < units; i++) {
        float sum = parameters[weights + units * inputs + i];
        for (int j = 0; j < inputs; j++) {
          sum = Math.fma(parameters[weights + i * inputs + j], in[at(j, lane)], sum);
        }
        out[at(i, lane)] = sum;
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
    for (int lane = 0; lane < LANES; lane++) {
      for (int j = 0; j < inputs; j++) {
        float sum = 0;
        for (int i = 0; i < units; i++) {
          sum = Math.fma(parameters[weights + i * inputs + j], outGradient[at(i, lane)], sum);
        }
        inGradient[at(j, lane)] = sum;
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
    boolean inRange = true;
    for (int lane = 0; lane < LANES; lane++) {
      for (int i = 0; i < units; i++) {
        float error = outGradient[at(i, lane)];
        inRange &= add(error, sum, weights + units * inputs + i, limit);
        for (int j = 0; j < inputs; j++) {
          inRange &= add(error * in[at(j, lane)], sum, weights + i * inputs + j, limit);
        }
      }
    }
    return inRange;
  }

  @Override
  public void sigmoidForward(float[] values, int size) {
    for (int i = 0; i < size * LANES; i++) {
      float x = Math.max(-87f, Math.min(87f, values[i]));
      values[i] = 1f / (1f + FloatMath.exp(-x));
    }
  }

  @Override
  public void sigmoidBackward(float[] values, int size, float[] gradient) {
    for (int i = 0; i < size * LANES; i++) {
      gradient[i] = gradient[i] * (values[i] * (1f - values[i]));
    }
  }

  @Override
  public void squaredError(
      float[] out, int units, int[] labels, int lanes, float[] gradient, float[] loss) {
    for (int lane = 0; lane < LANES; lane++) {
      float sum = 0;
      for (int i = 0; i < units; i++) {
        float target = labels[lane] == i ? 1f : 0f;
        float difference = lane < lanes ? out[at(i, lane)] - target : 0f;
        gradient[at(i, lane)] = difference;
        sum = Math.fma(difference, difference, sum);
      }
      loss[lane] = 0.5f * sum;
    }
  }
}
