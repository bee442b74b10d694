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

  /** Neighbouring output columns of a convolution's tile, and maps. */
  private static final int COLUMNS = 8;

  private static final long ROUNDER_BITS = Double.doubleToRawLongBits(FixedPoint.ROUNDER);

  private int[] offsets = {};
  private float[] padded = {};
  private float[] turned = {};
  private float[] gradients = {};

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
    int[] table = offsets(taps);
    for (int t = 0; t < taps; t++) {
      int row = t / (kernel * kernel) * height + kernel - 1 - t / kernel % kernel;
      table[t] = (row * width + kernel - 1 - t % kernel) * LANES;
    }
    correlate(
        in,
        width,
        table,
        taps,
        parameters,
        weights,
        weights + maps * taps,
        maps,
        height - kernel + 1,
        width - kernel + 1,
        out);
  }

  /** As a forward pass over the gradient within a border of zeros, with weights by input map. */
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
    int area = kernel * kernel;
    int taps = maps * area;
    int outHeight = height - kernel + 1;
    int outWidth = width - kernel + 1;
    int paddedHeight = outHeight + 2 * (kernel - 1);
    int paddedWidth = outWidth + 2 * (kernel - 1);
    pad(outGradient, maps, outHeight, outWidth, kernel - 1);
    if (turned.length < channels * (taps + 1)) {
      turned = new float[channels * (taps + 1)];
    }
    int[] table = offsets(taps);
    for (int t = 0; t < taps; t++) {
      int row = t / area * paddedHeight + t / kernel % kernel;
      table[t] = (row * paddedWidth + t % kernel) * LANES;
      for (int p = 0; p < channels; p++) {
        turned[p * taps + t] = parameters[weights + (t / area * channels + p) * area + t % area];
      }
    }
    Arrays.fill(turned, channels * taps, channels * (taps + 1), 0f);
    correlate(
        padded,
        paddedWidth,
        table,
        taps,
        turned,
        0,
        channels * taps,
        channels,
        height,
        width,
        inGradient);
  }

  private void pad(float[] maps, int count, int height, int width, int border) {
    int paddedWidth = width + 2 * border;
    int plane = (height + 2 * border) * paddedWidth;
    if (padded.length < count * plane * LANES) {
      padded = new float[count * plane * LANES];
    }
    Arrays.fill(padded, 0, count * plane * LANES, 0f);
    for (int q = 0; q < count; q++) {
      for (int y = 0; y < height; y++) {
        int to = q * plane + (y + border) * paddedWidth + border;
        System.arraycopy(maps, (q * height + y) * width * LANES, padded, to * LANES, width * LANES);
      }
    }
  }

  /**
   * out(q, y, x) = bias(q) + sum over t of in(table(t) + (y * width + x) * LANES) * weight(q, t).
   */
  private static void correlate(
      float[] in,
      int width,
      int[] table,
      int taps,
      float[] parameters,
      int weights,
      int bias,
      int maps,
      int outHeight,
      int outWidth,
      float[] out) {
    for (int y = 0; y < outHeight; y++) {
      for (int pair = 0; pair < maps; pair += 2) {
        // Of one map only, both halves of the tile are the same.
        int q0 = Math.max(0, Math.min(pair, maps - 2));
        int q1 = Math.min(q0 + 1, maps - 1);
        for (int tile = 0; tile < outWidth; tile += COLUMNS) {
          int x = Math.max(0, Math.min(tile, outWidth - COLUMNS));
          int columns = Math.min(COLUMNS, outWidth);
          for (int lane = 0; lane < LANES; lane += LENGTH) {
            int from = (y * width + x) * LANES + lane;
            int to0 = ((q0 * outHeight + y) * outWidth + x) * LANES + lane;
            int to1 = ((q1 * outHeight + y) * outWidth + x) * LANES + lane;
            if (columns == COLUMNS) {
              correlateTile(
                  in,
                  from,
                  table,
                  taps,
                  parameters,
                  weights + q0 * taps,
                  weights + q1 * taps,
                  bias + q0,
                  bias + q1,
                  out,
                  to0,
                  to1);
            } else {
              for (int c = 0; c < columns; c++) {
                correlateNarrowTile(
                    in,
                    from + c * LANES,
                    table,
                    taps,
                    parameters,
                    weights + q0 * taps,
                    weights + q1 * taps,
                    bias + q0,
                    bias + q1,
                    out,
                    to0 + c * LANES,
                    to1 + c * LANES);
              }
            }
          }
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

  private static void correlateTile(
      float[] in,
      int from,
      int[] table,
      int taps,
      float[] parameters,
      int weights0,
      int weights1,
      int bias0,
      int bias1,
      float[] out,
      int to0,
      int to1) {
    FloatVector a0 = broadcast(parameters[bias0]);
    FloatVector a1 = broadcast(parameters[bias0]);
    FloatVector a2 = broadcast(parameters[bias0]);
    FloatVector a3 = broadcast(parameters[bias0]);
    FloatVector a4 = broadcast(parameters[bias0]);
    FloatVector a5 = broadcast(parameters[bias0]);
    FloatVector a6 = broadcast(parameters[bias0]);
    FloatVector a7 = broadcast(parameters[bias0]);
    FloatVector b0 = broadcast(parameters[bias1]);
    FloatVector b1 = broadcast(parameters[bias1]);
    FloatVector b2 = broadcast(parameters[bias1]);
    FloatVector b3 = broadcast(parameters[bias1]);
    FloatVector b4 = broadcast(parameters[bias1]);
    FloatVector b5 = broadcast(parameters[bias1]);
    FloatVector b6 = broadcast(parameters[bias1]);
    FloatVector b7 = broadcast(parameters[bias1]);
    for (int t = 0; t < taps; t++) {
      int at = from + table[t];
      FloatVector w = broadcast(parameters[weights0 + t]);
      FloatVector v = broadcast(parameters[weights1 + t]);
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

  private static void correlateNarrowTile(
      float[] in,
      int from,
      int[] table,
      int taps,
      float[] parameters,
      int weights0,
      int weights1,
      int bias0,
      int bias1,
      float[] out,
      int to0,
      int to1) {
    FloatVector a = broadcast(parameters[bias0]);
    FloatVector b = broadcast(parameters[bias1]);
    for (int t = 0; t < taps; t++) {
      FloatVector x = load(in, from + table[t]);
      a = x.fma(broadcast(parameters[weights0 + t]), a);
      b = x.fma(broadcast(parameters[weights1 + t]), b);
    }
    a.intoArray(out, to0);
    b.intoArray(out, to1);
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
    if (gradients.length < 8 * LANES) {
      gradients = new float[8 * LANES];
    }
    boolean inRange = true;
    for (int q = 0; q < maps; q++) {
      inRange &= biasGradient(outGradient, q, positions, sum, weights + maps * taps + q, limit);
    }
    for (int pair = 0; pair < maps; pair += 2) {
      int q1 = Math.min(pair + 1, maps - 1);
      for (int t = 0; t < taps; t += 4) {
        int count = Math.min(4, taps - t);
        for (int lane = 0; lane < LANES; lane += LENGTH) {
          gradientTile(
              in,
              tapOffset(t, height, width, kernel) + lane,
              tapOffset(Math.min(t + 1, taps - 1), height, width, kernel) + lane,
              tapOffset(Math.min(t + 2, taps - 1), height, width, kernel) + lane,
              tapOffset(Math.min(t + 3, taps - 1), height, width, kernel) + lane,
              table,
              positions,
              outGradient,
              pair * positions * LANES + lane,
              q1 * positions * LANES + lane,
              gradients,
              lane);
        }
        for (int i = 0; i < count; i++) {
          int to = weights + pair * taps + t + i;
          inRange &= addVectors(gradients, i * LANES, sum, to, limit);
          if (q1 > pair) {
            inRange &= addVectors(gradients, (4 + i) * LANES, sum, to + taps, limit);
          }
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

  private static boolean biasGradient(
      float[] outGradient, int map, int positions, long[] sum, int to, float limit) {
    boolean inRange = true;
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      FloatVector total = sumTile(outGradient, map * positions * LANES + lane, positions);
      inRange &= inRange(total, limit);
      sum[to] += gridSum(total);
    }
    return inRange;
  }

  private static FloatVector sumTile(float[] values, int from, int count) {
    FloatVector total = broadcast(0f);
    for (int i = 0; i < count; i++) {
      total = total.add(load(values, from + i * LANES));
    }
    return total;
  }

  /** Four taps of two maps, over all positions. */
  private static void gradientTile(
      float[] in,
      int tap0,
      int tap1,
      int tap2,
      int tap3,
      int[] table,
      int positions,
      float[] outGradient,
      int from0,
      int from1,
      float[] gradients,
      int lane) {
    FloatVector a0 = broadcast(0f);
    FloatVector a1 = broadcast(0f);
    FloatVector a2 = broadcast(0f);
    FloatVector a3 = broadcast(0f);
    FloatVector b0 = broadcast(0f);
    FloatVector b1 = broadcast(0f);
    FloatVector b2 = broadcast(0f);
    FloatVector b3 = broadcast(0f);
    for (int i = 0; i < positions; i++) {
      int at = table[i];
      FloatVector d = load(outGradient, from0 + i * LANES);
      FloatVector e = load(outGradient, from1 + i * LANES);
      FloatVector x0 = load(in, at + tap0);
      FloatVector x1 = load(in, at + tap1);
      FloatVector x2 = load(in, at + tap2);
      FloatVector x3 = load(in, at + tap3);
      a0 = d.fma(x0, a0);
      a1 = d.fma(x1, a1);
      a2 = d.fma(x2, a2);
      a3 = d.fma(x3, a3);
      b0 = e.fma(x0, b0);
      b1 = e.fma(x1, b1);
      b2 = e.fma(x2, b2);
      b3 = e.fma(x3, b3);
    }
    a0.intoArray(gradients, lane);
    a1.intoArray(gradients, lane + LANES);
    a2.intoArray(gradients, lane + 2 * LANES);
    a3.intoArray(gradients, lane + 3 * LANES);
    b0.intoArray(gradients, lane + 4 * LANES);
    b1.intoArray(gradients, lane + 5 * LANES);
    b2.intoArray(gradients, lane + 6 * LANES);
    b3.intoArray(gradients, lane + 7 * LANES);
  }

  private static boolean addVectors(float[] lanes, int from, long[] sum, int to, float limit) {
    boolean inRange = true;
    long total = 0;
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      FloatVector values = load(lanes, from + lane);
      inRange &= inRange(values, limit);
      total += gridSum(values);
    }
    sum[to] += total;
    return inRange;
  }

  private static boolean inRange(FloatVector values, float limit) {
    return values.abs().compare(VectorOperators.LE, limit).allTrue();
  }

  /** The sum of {@link FixedPoint#of} over the lanes: integers, so in any order. */
  private static long gridSum(FloatVector values) {
    return gridSum((DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0))
        + gridSum((DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 1))
        - LENGTH * ROUNDER_BITS;
  }

  private static long gridSum(DoubleVector values) {
    LongVector bits = values.mul(FixedPoint.SCALE).add(FixedPoint.ROUNDER).reinterpretAsLongs();
    return bits.reduceLanes(VectorOperators.ADD);
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
          FloatVector sum = blockTile(in, (y * width + x) * LANES + lane, width * LANES, size);
          sum.mul(scale).intoArray(out, o);
          o += LENGTH;
        }
      }
    }
  }

  private static FloatVector blockTile(float[] in, int from, int row, int size) {
    FloatVector sum = broadcast(0f);
    for (int i = 0; i < size * size; i++) {
      sum = sum.add(load(in, from + i / size * row + i % size * LANES));
    }
    return sum;
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
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        float bias = parameters[weights + units * inputs + i];
        FloatVector sum = dotTile(in, lane, inputs, parameters, weights + i * inputs, bias);
        sum.intoArray(out, i * LANES + lane);
      }
    }
  }

  private static FloatVector dotTile(
      float[] in, int from, int count, float[] parameters, int weights, float bias) {
    FloatVector sum = broadcast(bias);
    for (int j = 0; j < count; j++) {
      sum = load(in, from + j * LANES).fma(broadcast(parameters[weights + j]), sum);
    }
    return sum;
  }
}
