package io.gradcast.engine.kernel;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on the processor's vectors, with the bits of {@link ScalarKernels}, which does what is
 * not worth vectorising. A vector holds some or all lanes of one element; narrow ones take several
 * turns.
 *
 * <p>The JVM's compiler keeps vectors in registers only in small methods with one loop and a fixed
 * set of local variables. So each method whose name ends in Tile is one hot loop over a table of
 * offsets, and the loops around it are elsewhere. A last tile that would hang over the edge is
 * moved back and does some of its neighbour's work again, with the same result.
 */
final class VectorKernels extends ScalarKernels {

  private static final VectorSpecies<Float> SPECIES = species();
  private static final int LENGTH = SPECIES.length();
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, SPECIES.vectorShape());

  /** What one tile of a convolution's weight gradient covers. */
  private static final int TILE_MAPS = 3;

  private static final int TILE_TAPS = 5;

  /** No place of a bias: the sum starts at zero. */
  private static final int ZERO = -1;

  private static final long ROUNDER_BITS = Double.doubleToRawLongBits(FixedPoint.ROUNDER);

  private int[] offsets = {};
  private float[] padded = {};
  private final float[] gradients = new float[TILE_MAPS * TILE_TAPS * LANES];

  private static VectorSpecies<Float> species() {
    int preferred = Math.min(FloatVector.SPECIES_PREFERRED.vectorBitSize(), LANES * Float.SIZE);
    int bits = Integer.getInteger(KernelChoice.PROPERTY, preferred);
    if (bits > preferred) {
      // Wider ones work, in software, a hundred times slower.
      throw new IllegalArgumentException(
          "%s: expected at most %d, the width of this processor's vectors, found %d"
              .formatted(KernelChoice.PROPERTY, preferred, bits));
    }
    return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }

  @Override
  public String description() {
    return SPECIES.vectorBitSize() + "-bit vectors";
  }

  private int[] offsets(int count) {
    if (offsets.length < count) {
      offsets = new int[count];
    }
    return offsets;
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
    int taps = channels * kernel * kernel;
    int[] table = offsets(2 * taps);
    for (int t = 0; t < taps; t++) {
      table[2 * t] = tapOffset(t, height, width, kernel);
      table[2 * t + 1] = t;
    }
    int bias = weights + maps * taps;
    int outHeight = height - kernel + 1;
    for (int y = 0; y < outHeight; y++) {
      int from = y * width * LANES;
      int outWidth = width - kernel + 1;
      correlateRow(
          in,
          from,
          table,
          taps,
          parameters,
          weights,
          taps,
          bias,
          1,
          maps,
          y,
          outHeight,
          outWidth,
          out);
    }
  }

  /**
   * As a forward pass over the gradient within columns of zeros, with taps and maps exchanged. Rows
   * of the kernel that lie outside the gradient are left out.
   */
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
    int paddedWidth = width + kernel - 1;
    pad(outGradient, maps * outHeight, width - kernel + 1, kernel - 1);
    int area = kernel * kernel;
    int[] table = offsets(2 * maps * area);
    for (int y = 0; y < height; y++) {
      int firstRow = Math.max(0, kernel - 1 - y);
      int lastRow = Math.min(kernel, outHeight + kernel - 1 - y);
      int taps = 0;
      for (int q = 0; q < maps; q++) {
        for (int i = firstRow * kernel; i < lastRow * kernel; i++) {
          int row = q * outHeight + y - kernel + 1 + i / kernel;
          table[2 * taps] = (row * paddedWidth + i % kernel) * LANES;
          table[2 * taps + 1] = q * channels * area + i;
          taps++;
        }
      }
      correlateRow(
          padded,
          0,
          table,
          taps,
          parameters,
          weights,
          area,
          ZERO,
          0,
          channels,
          y,
          height,
          width,
          inGradient);
    }
  }

  /** Copies rows into a border of zeros on their left and right. */
  private void pad(float[] rows, int count, int width, int border) {
    int paddedWidth = (width + 2 * border) * LANES;
    if (padded.length < count * paddedWidth) {
      padded = new float[count * paddedWidth];
    }
    Arrays.fill(padded, 0, count * paddedWidth, 0f);
    for (int row = 0; row < count; row++) {
      int to = row * paddedWidth + border * LANES;
      System.arraycopy(rows, row * width * LANES, padded, to, width * LANES);
    }
  }

  /**
   * One row of every map: out(q, y, x) = bias(q) + the sum over t of in(from + x * LANES +
   * table(2t)) * weight(q * weightStride + table(2t + 1)).
   *
   * @param bias where the first map's is; {@link #ZERO} for none
   */
  private static void correlateRow(
      float[] in,
      int from,
      int[] table,
      int taps,
      float[] parameters,
      int weights,
      int weightStride,
      int bias,
      int biasStride,
      int maps,
      int y,
      int outHeight,
      int outWidth,
      float[] out) {
    for (int q = 0; q < maps; q += 2) {
      // Of an odd last map both halves of the tile are the same.
      int r = Math.min(q + 1, maps - 1);
      int w0 = weights + q * weightStride;
      int w1 = weights + r * weightStride;
      float b0 = bias == ZERO ? 0f : parameters[bias + q * biasStride];
      float b1 = bias == ZERO ? 0f : parameters[bias + r * biasStride];
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int to0 = (q * outHeight + y) * outWidth * LANES + lane;
        int to1 = (r * outHeight + y) * outWidth * LANES + lane;
        int at = from + lane;
        int x = 0;
        for (; x + 8 <= outWidth; x += 8) {
          int d = x * LANES;
          tile8(in, at + d, table, taps, parameters, w0, w1, b0, b1, out, to0 + d, to1 + d);
        }
        for (; x + 4 <= outWidth; x += 4) {
          int d = x * LANES;
          tile4(in, at + d, table, taps, parameters, w0, w1, b0, b1, out, to0 + d, to1 + d);
        }
        for (; x < outWidth; x++) {
          int d = x * LANES;
          tile1(in, at + d, table, taps, parameters, w0, w1, b0, b1, out, to0 + d, to1 + d);
        }
      }
    }
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /** 8 columns of two maps. */
  private static void tile8(
      float[] in,
      int from,
      int[] table,
      int taps,
      float[] parameters,
      int weights0,
      int weights1,
      float bias0,
      float bias1,
      float[] out,
      int to0,
      int to1) {
    FloatVector a0 = broadcast(bias0);
    FloatVector a1 = broadcast(bias0);
    FloatVector a2 = broadcast(bias0);
    FloatVector a3 = broadcast(bias0);
    FloatVector a4 = broadcast(bias0);
    FloatVector a5 = broadcast(bias0);
    FloatVector a6 = broadcast(bias0);
    FloatVector a7 = broadcast(bias0);
    FloatVector b0 = broadcast(bias1);
    FloatVector b1 = broadcast(bias1);
    FloatVector b2 = broadcast(bias1);
    FloatVector b3 = broadcast(bias1);
    FloatVector b4 = broadcast(bias1);
    FloatVector b5 = broadcast(bias1);
    FloatVector b6 = broadcast(bias1);
    FloatVector b7 = broadcast(bias1);
    for (int t = 0; t < taps; t++) {
      int at = from + table[2 * t];
      int tap = table[2 * t + 1];
      FloatVector w = broadcast(parameters[weights0 + tap]);
      FloatVector v = broadcast(parameters[weights1 + tap]);
      FloatVector x0 = load(in, at);
      FloatVector x1 = load(in, at + LANES);
      FloatVector x2 = load(in, at + 2 * LANES);
      FloatVector x3 = load(in, at + 3 * LANES);
      FloatVector x4 = load(in, at + 4 * LANES);
      FloatVector x5 = load(in, at + 5 * LANES);
      FloatVector x6 = load(in, at + 6 * LANES);
      FloatVector x7 = load(in, at + 7 * LANES);
      a0 = x0.fma(w, a0);
      a1 = x1.fma(w, a1);
      a2 = x2.fma(w, a2);
      a3 = x3.fma(w, a3);
      a4 = x4.fma(w, a4);
      a5 = x5.fma(w, a5);
      a6 = x6.fma(w, a6);
      a7 = x7.fma(w, a7);
      b0 = x0.fma(v, b0);
      b1 = x1.fma(v, b1);
      b2 = x2.fma(v, b2);
      b3 = x3.fma(v, b3);
      b4 = x4.fma(v, b4);
      b5 = x5.fma(v, b5);
      b6 = x6.fma(v, b6);
      b7 = x7.fma(v, b7);
    }
    a0.intoArray(out, to0);
    a1.intoArray(out, to0 + LANES);
    a2.intoArray(out, to0 + 2 * LANES);
    a3.intoArray(out, to0 + 3 * LANES);
    a4.intoArray(out, to0 + 4 * LANES);
    a5.intoArray(out, to0 + 5 * LANES);
    a6.intoArray(out, to0 + 6 * LANES);
    a7.intoArray(out, to0 + 7 * LANES);
    b0.intoArray(out, to1);
    b1.intoArray(out, to1 + LANES);
    b2.intoArray(out, to1 + 2 * LANES);
    b3.intoArray(out, to1 + 3 * LANES);
    b4.intoArray(out, to1 + 4 * LANES);
    b5.intoArray(out, to1 + 5 * LANES);
    b6.intoArray(out, to1 + 6 * LANES);
    b7.intoArray(out, to1 + 7 * LANES);
  }

  /** 4 columns of two maps. */
  private static void tile4(
      float[] in,
      int from,
      int[] table,
      int taps,
      float[] parameters,
      int weights0,
      int weights1,
      float bias0,
      float bias1,
      float[] out,
      int to0,
      int to1) {
    FloatVector a0 = broadcast(bias0);
    FloatVector a1 = broadcast(bias0);
    FloatVector a2 = broadcast(bias0);
    FloatVector a3 = broadcast(bias0);
    FloatVector b0 = broadcast(bias1);
    FloatVector b1 = broadcast(bias1);
    FloatVector b2 = broadcast(bias1);
    FloatVector b3 = broadcast(bias1);
    for (int t = 0; t < taps; t++) {
      int at = from + table[2 * t];
      int tap = table[2 * t + 1];
      FloatVector w = broadcast(parameters[weights0 + tap]);
      FloatVector v = broadcast(parameters[weights1 + tap]);
      FloatVector x0 = load(in, at);
      FloatVector x1 = load(in, at + LANES);
      FloatVector x2 = load(in, at + 2 * LANES);
      FloatVector x3 = load(in, at + 3 * LANES);
      a0 = x0.fma(w, a0);
      a1 = x1.fma(w, a1);
      a2 = x2.fma(w, a2);
      a3 = x3.fma(w, a3);
      b0 = x0.fma(v, b0);
      b1 = x1.fma(v, b1);
      b2 = x2.fma(v, b2);
      b3 = x3.fma(v, b3);
    }
    a0.intoArray(out, to0);
    a1.intoArray(out, to0 + LANES);
    a2.intoArray(out, to0 + 2 * LANES);
    a3.intoArray(out, to0 + 3 * LANES);
    b0.intoArray(out, to1);
    b1.intoArray(out, to1 + LANES);
    b2.intoArray(out, to1 + 2 * LANES);
    b3.intoArray(out, to1 + 3 * LANES);
  }

  /** 1 column of two maps. */
  private static void tile1(
      float[] in,
      int from,
      int[] table,
      int taps,
      float[] parameters,
      int weights0,
      int weights1,
      float bias0,
      float bias1,
      float[] out,
      int to0,
      int to1) {
    FloatVector a0 = broadcast(bias0);
    FloatVector b0 = broadcast(bias1);
    for (int t = 0; t < taps; t++) {
      int at = from + table[2 * t];
      int tap = table[2 * t + 1];
      FloatVector w = broadcast(parameters[weights0 + tap]);
      FloatVector v = broadcast(parameters[weights1 + tap]);
      FloatVector x0 = load(in, at);
      a0 = x0.fma(w, a0);
      b0 = x0.fma(v, b0);
    }
    a0.intoArray(out, to0);
    b0.intoArray(out, to1);
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
    int outWidth = width - kernel + 1;
    int positions = (height - kernel + 1) * outWidth;
    int area = kernel * kernel;
    int taps = channels * area;
    int[] table = offsets(positions);
    for (int i = 0; i < positions; i++) {
      table[i] = (i / outWidth * width + i % outWidth) * LANES;
    }
    boolean inRange = true;
    for (int q = 0; q < maps; q++) {
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int from = q * positions * LANES + lane;
        inRange &= biasTile(outGradient, from, positions, sum, weights + maps * taps + q, limit);
      }
    }
    for (int q = 0; q < maps; q += TILE_MAPS) {
      for (int t = 0; t < taps; t += TILE_TAPS) {
        for (int lane = 0; lane < LANES; lane += LENGTH) {
          gradientTile(
              in,
              tapOffset(t, height, width, kernel) + lane,
              tapOffset(Math.min(t + 1, taps - 1), height, width, kernel) + lane,
              tapOffset(Math.min(t + 2, taps - 1), height, width, kernel) + lane,
              tapOffset(Math.min(t + 3, taps - 1), height, width, kernel) + lane,
              tapOffset(Math.min(t + 4, taps - 1), height, width, kernel) + lane,
              table,
              positions,
              outGradient,
              q * positions * LANES + lane,
              Math.min(q + 1, maps - 1) * positions * LANES + lane,
              Math.min(q + 2, maps - 1) * positions * LANES + lane,
              gradients,
              lane);
        }
        // What hangs over the edge is somebody else's, and left where it is.
        for (int m = 0; m < Math.min(TILE_MAPS, maps - q); m++) {
          int to = weights + (q + m) * taps + t;
          int count = Math.min(TILE_TAPS, taps - t);
          inRange &= addTile(gradients, m * TILE_TAPS * LANES, count, sum, to, limit);
        }
      }
    }
    return inRange;
  }

  /** Where the input under tap t of the first output position is; taps turn against the input. */
  private static int tapOffset(int t, int height, int width, int kernel) {
    int row = t / (kernel * kernel) * height + kernel - 1 - t / kernel % kernel;
    return (row * width + kernel - 1 - t % kernel) * LANES;
  }

  private static boolean biasTile(
      float[] outGradient, int from, int positions, long[] sum, int to, float limit) {
    FloatVector total = broadcast(0f);
    for (int i = 0; i < positions; i++) {
      total = total.add(load(outGradient, from + i * LANES));
    }
    sum[to] += gridSum(total);
    return inRange(total, limit);
  }

  /** Five taps of three maps, over all positions. */
  private static void gradientTile(
      float[] in,
      int tap0,
      int tap1,
      int tap2,
      int tap3,
      int tap4,
      int[] table,
      int positions,
      float[] outGradient,
      int from0,
      int from1,
      int from2,
      float[] gradients,
      int lane) {
    FloatVector a0 = broadcast(0f);
    FloatVector a1 = broadcast(0f);
    FloatVector a2 = broadcast(0f);
    FloatVector a3 = broadcast(0f);
    FloatVector a4 = broadcast(0f);
    FloatVector b0 = broadcast(0f);
    FloatVector b1 = broadcast(0f);
    FloatVector b2 = broadcast(0f);
    FloatVector b3 = broadcast(0f);
    FloatVector b4 = broadcast(0f);
    FloatVector c0 = broadcast(0f);
    FloatVector c1 = broadcast(0f);
    FloatVector c2 = broadcast(0f);
    FloatVector c3 = broadcast(0f);
    FloatVector c4 = broadcast(0f);
    for (int i = 0; i < positions; i++) {
      int at = table[i];
      FloatVector d = load(outGradient, from0 + i * LANES);
      FloatVector e = load(outGradient, from1 + i * LANES);
      FloatVector f = load(outGradient, from2 + i * LANES);
      FloatVector x0 = load(in, at + tap0);
      a0 = d.fma(x0, a0);
      b0 = e.fma(x0, b0);
      c0 = f.fma(x0, c0);
      FloatVector x1 = load(in, at + tap1);
      a1 = d.fma(x1, a1);
      b1 = e.fma(x1, b1);
      c1 = f.fma(x1, c1);
      FloatVector x2 = load(in, at + tap2);
      a2 = d.fma(x2, a2);
      b2 = e.fma(x2, b2);
      c2 = f.fma(x2, c2);
      FloatVector x3 = load(in, at + tap3);
      a3 = d.fma(x3, a3);
      b3 = e.fma(x3, b3);
      c3 = f.fma(x3, c3);
      FloatVector x4 = load(in, at + tap4);
      a4 = d.fma(x4, a4);
      b4 = e.fma(x4, b4);
      c4 = f.fma(x4, c4);
    }
    a0.intoArray(gradients, lane);
    a1.intoArray(gradients, lane + LANES);
    a2.intoArray(gradients, lane + 2 * LANES);
    a3.intoArray(gradients, lane + 3 * LANES);
    a4.intoArray(gradients, lane + 4 * LANES);
    b0.intoArray(gradients, lane + 5 * LANES);
    b1.intoArray(gradients, lane + 6 * LANES);
    b2.intoArray(gradients, lane + 7 * LANES);
    b3.intoArray(gradients, lane + 8 * LANES);
    b4.intoArray(gradients, lane + 9 * LANES);
    c0.intoArray(gradients, lane + 10 * LANES);
    c1.intoArray(gradients, lane + 11 * LANES);
    c2.intoArray(gradients, lane + 12 * LANES);
    c3.intoArray(gradients, lane + 13 * LANES);
    c4.intoArray(gradients, lane + 14 * LANES);
  }

  /** Rounds gradients, 16 lanes each, to the grid and adds them to elements of the sum. */
  private static boolean addTile(
      float[] lanes, int from, int count, long[] sum, int to, float limit) {
    boolean inRange = true;
    for (int i = 0; i < count * LANES; i += LENGTH) {
      FloatVector values = load(lanes, from + i);
      inRange &= inRange(values, limit);
      sum[to + i / LANES] += gridSum(values);
    }
    return inRange;
  }

  private static boolean inRange(FloatVector values, float limit) {
    return values.abs().compare(VectorOperators.LE, limit).allTrue();
  }

  /** The sum of {@link FixedPoint#of} over the lanes: integers, so in any order. */
  private static long gridSum(FloatVector values) {
    DoubleVector low = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
    DoubleVector high = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 1);
    LongVector lowBits = low.mul(FixedPoint.SCALE).add(FixedPoint.ROUNDER).reinterpretAsLongs();
    LongVector highBits = high.mul(FixedPoint.SCALE).add(FixedPoint.ROUNDER).reinterpretAsLongs();
    return lowBits.add(highBits).reduceLanes(VectorOperators.ADD) - LENGTH * ROUNDER_BITS;
  }

  @Override
  public void sigmoidForward(float[] values, int size) {
    for (int i = 0; i < size * LANES; i += LENGTH) {
      FloatVector x = load(values, i).neg().min(87f).max(-87f);
      FloatVector rounded = x.fma(broadcast(FloatMath.LOG2_E), broadcast(FloatMath.ROUNDER));
      FloatVector n = rounded.sub(FloatMath.ROUNDER);
      FloatVector r = n.fma(broadcast(-FloatMath.LN2_HIGH), x);
      r = n.fma(broadcast(-FloatMath.LN2_LOW), r);
      FloatVector p = r.fma(broadcast(FloatMath.C6), broadcast(FloatMath.C5));
      p = p.fma(r, broadcast(FloatMath.C4));
      p = p.fma(r, broadcast(FloatMath.C3));
      p = p.fma(r, broadcast(FloatMath.C2));
      p = p.fma(r.mul(r), r).add(1f);
      IntVector exponent =
          rounded
              .reinterpretAsInts()
              .sub(Float.floatToRawIntBits(FloatMath.ROUNDER) - 127)
              .lanewise(VectorOperators.LSHL, 23);
      FloatVector power = exponent.reinterpretAsFloats();
      broadcast(1f).div(p.mul(power).add(1f)).intoArray(values, i);
    }
  }

  @Override
  public void sigmoidBackward(float[] values, int size, float[] gradient) {
    for (int i = 0; i < size * LANES; i += LENGTH) {
      FloatVector y = load(values, i);
      FloatVector slope = y.mul(broadcast(1f).sub(y));
      load(gradient, i).mul(slope).intoArray(gradient, i);
    }
  }

  @Override
  public void meanPoolingForward(
      float[] in, int channels, int height, int width, int size, float[] out) {
    float scale = 1f / (size * size);
    int o = 0;
    for (int y = 0; y < channels * height; y += size) {
      for (int x = 0; x < width; x += size) {
        for (int lane = 0; lane < LANES; lane += LENGTH) {
          blockTile(in, (y * width + x) * LANES + lane, width * LANES, size, scale, out, o);
          o += LENGTH;
        }
      }
    }
  }

  private static void blockTile(
      float[] in, int from, int row, int size, float scale, float[] out, int to) {
    FloatVector sum = broadcast(0f);
    for (int i = 0; i < size * size; i++) {
      sum = sum.add(load(in, from + i / size * row + i % size * LANES));
    }
    sum.mul(scale).intoArray(out, to);
  }

  @Override
  public void meanPoolingBackward(
      float[] outGradient, int channels, int height, int width, int size, float[] inGradient) {
    float scale = 1f / (size * size);
    int i = 0;
    for (int y = 0; y < channels * height; y++) {
      for (int x = 0; x < width; x++) {
        int o = (y / size * (width / size) + x / size) * LANES;
        for (int lane = 0; lane < LANES; lane += LENGTH) {
          load(outGradient, o + lane).mul(scale).intoArray(inGradient, i);
          i += LENGTH;
        }
      }
    }
  }

  @Override
  public void denseForward(
      float[] in, int inputs, float[] parameters, int weights, int units, float[] out) {
    for (int i = 0; i < units; i++) {
      float bias = parameters[weights + units * inputs + i];
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int to = i * LANES + lane;
        dotTile(in, lane, inputs, parameters, weights + i * inputs, 1, bias, out, to);
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
    for (int j = 0; j < inputs; j++) {
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int to = j * LANES + lane;
        dotTile(outGradient, lane, units, parameters, weights + j, inputs, 0f, inGradient, to);
      }
    }
  }

  private static void dotTile(
      float[] in,
      int from,
      int count,
      float[] parameters,
      int weights,
      int stride,
      float bias,
      float[] out,
      int to) {
    FloatVector sum = broadcast(bias);
    for (int j = 0; j < count; j++) {
      FloatVector weight = broadcast(parameters[weights + j * stride]);
      sum = load(in, from + j * LANES).fma(weight, sum);
    }
    sum.intoArray(out, to);
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
    for (int i = 0; i < units; i++) {
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int from = i * LANES + lane;
        inRange &=
            productsTile(outGradient, from, in, lane, inputs, sum, weights + i * inputs, limit);
      }
      inRange &= addTile(outGradient, i * LANES, 1, sum, weights + units * inputs + i, limit);
    }
    return inRange;
  }

  private static boolean productsTile(
      float[] outGradient,
      int at,
      float[] in,
      int from,
      int inputs,
      long[] sum,
      int to,
      float limit) {
    FloatVector error = load(outGradient, at);
    boolean inRange = true;
    for (int j = 0; j < inputs; j++) {
      FloatVector product = error.mul(load(in, from + j * LANES));
      inRange &= inRange(product, limit);
      sum[to + j] += gridSum(product);
    }
    return inRange;
  }
}
