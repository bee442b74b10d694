package io.gradcast.engine.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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
 * set of local variables. Those of the convolutions are in {@code VectorTiles}, which {@code
 * src/generate} writes; here are the loops around them.
 */
final class VectorKernels extends ScalarKernels {

  static final VectorSpecies<Float> SPECIES = species();
  private static final int LENGTH = SPECIES.length();
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, SPECIES.vectorShape());
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, SPECIES.vectorShape());

  /** Of the processor: 32 with AVX-512 or without x86, else 16. */
  private static final boolean MANY_REGISTERS =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512
          || !System.getProperty("os.arch").matches("amd64|x86_64");

  /** No place of a bias: the sum starts at zero. */
  private static final int ZERO = -1;

  private static final float[] ONE = new float[LANES];

  static {
    Arrays.fill(ONE, 1f);
  }

  private static final long ROUNDER_BITS = Double.doubleToRawLongBits(FixedPoint.ROUNDER);

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Map<ConvolutionShape, Plan> plans = new HashMap<>();
  private float[] packed = {};
  private float[] gradients = {};
  private int[] words = {};
  private Lanes padded = Lanes.of(0);

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

  /** The tables of one convolution, made when it is first met. */
  private record Plan(Gather forward, Gather inputGradient, Windows windows) {

    static Plan of(ConvolutionShape shape) {
      return new Plan(Gather.forward(shape), Gather.inputGradient(shape), Windows.of(shape));
    }
  }

  private Plan plan(ConvolutionShape shape) {
    return plans.computeIfAbsent(shape, Plan::of);
  }

  /** Maps of the next tile, where some remain: as few tiles as can be, and none half empty. */
  private static int tileMaps(int remaining) {
    if (MANY_REGISTERS) {
      return switch (remaining) {
        case 1, 2, 3, 4, 6 -> remaining;
        case 5 -> 3;
        case 7, 8 -> 4;
        default -> 6;
      };
    }
    return remaining == 4 ? 2 : Math.min(remaining, 3);
  }

  /** Places that go side by side, the same for all tiles of so many maps. */
  private static int tilePlaces(int maps) {
    return switch (maps) {
      case 1 -> 8;
      case 2 -> MANY_REGISTERS ? 8 : 6;
      case 3, 5 -> MANY_REGISTERS ? 8 : 4;
      case 4 -> MANY_REGISTERS ? 6 : 4;
      default -> 4;
    };
  }

  @Override
  public void convolutionForward(
      ConvolutionShape shape, Lanes in, float[] parameters, int weights, Lanes out) {
    Gather gather = plan(shape).forward();
    int bias = weights + shape.maps() * shape.taps();
    pack(gather, shape.area(), parameters, weights, shape.taps(), shape.area(), bias);
    gather(gather, shape.area(), in, out);
  }

  @Override
  public void convolutionInputGradient(
      ConvolutionShape shape,
      Lanes outGradient,
      float[] parameters,
      int weights,
      Lanes inGradient) {
    Gather gather = plan(shape).inputGradient();
    pack(gather, shape.area(), parameters, weights, shape.area(), shape.taps(), ZERO);
    gather(gather, shape.area(), outGradient, inGradient);
  }

  /**
   * Puts the weights of each tile's maps side by side: their biases, then those of each tap.
   *
   * @param mapStep from a weight to the same of the next filled map
   * @param sourceStep from a weight to the same of the next source map
   * @param bias where the first map's is; {@link #ZERO} for none
   */
  private void pack(
      Gather gather,
      int area,
      float[] parameters,
      int weights,
      int mapStep,
      int sourceStep,
      int bias) {
    int taps = gather.sourceMaps() * area;
    int maps = gather.placeMaps();
    if (packed.length < maps * (taps + 1)) {
      packed = new float[maps * (taps + 1)];
    }
    int size;
    for (int q = 0; q < maps; q += size) {
      size = tileMaps(maps - q);
      for (int m = 0; m < size; m++) {
        int to = q * (taps + 1) + m;
        packed[to] = bias == ZERO ? 0f : parameters[bias + q + m];
        for (int source = 0; source < gather.sourceMaps(); source++) {
          int from = weights + (q + m) * mapStep + source * sourceStep;
          for (int tap = 0; tap < area; tap++) {
            to += size;
            packed[to] = parameters[from + tap];
          }
        }
      }
    }
  }

  /** Fills all places: all maps of a few places at a time, since these share their sources. */
  private void gather(Gather gather, int area, Lanes in, Lanes out) {
    int maps = gather.placeMaps();
    int places = tilePlaces(maps);
    for (int i = 0; i < gather.groups().size(); i++) {
      Gather.Group group = gather.groups().get(i);
      int count = group.places().length;
      int place = 0;
      for (; place + places <= count; place += places) {
        gather(gather, area, group, place, places, in, out);
      }
      if (place < count && count >= places && 2 * (count - place) > places) {
        // Moved back, this one does some of its neighbour's work again, with the same result.
        gather(gather, area, group, count - places, places, in, out);
        place = count;
      }
      for (; place < count; place++) {
        gather(gather, area, group, place, 1, in, out);
      }
    }
  }

  private void gather(
      Gather gather, int area, Gather.Group group, int place, int places, Lanes in, Lanes out) {
    int taps = gather.sourceMaps() * area;
    int maps = gather.placeMaps();
    int plane = gather.plane();
    int size;
    for (int q = 0; q < maps; q += size) {
      size = tileMaps(maps - q);
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        VectorTiles.gather(
            size,
            places,
            in.values(),
            in.start() + lane,
            group.taps(),
            group.sources(),
            place,
            packed,
            q * (taps + 1),
            out.values(),
            out.start() + lane + q * plane,
            group.places(),
            plane);
      }
    }
  }

  /**
   * Where the factors of the weight gradients lie in the input, with its padding around it.
   *
   * @param taps each tap's, relative to the window, in the order of the weights; behind the last
   *     some more of it, for a tile that hangs over the edge
   * @param offsets the window's, for each output position
   * @param nowhere as many zeros
   */
  @SuppressWarnings("ArrayRecordComponent") // tables, never compared
  private record Windows(int[] taps, int[] offsets, int[] nowhere) {

    private static final int OVERHANG = 8;

    static Windows of(ConvolutionShape shape) {
      int height = shape.height() + 2 * shape.padding();
      int width = shape.width() + 2 * shape.padding();
      int[] taps = new int[shape.taps() + OVERHANG];
      for (int i = 0; i < taps.length; i++) {
        int t = Math.min(i, shape.taps() - 1);
        int u = t / shape.kernelWidth() % shape.kernelHeight();
        int row = t / shape.area() * height + shape.kernelHeight() - 1 - u;
        int column = shape.kernelWidth() - 1 - t % shape.kernelWidth();
        taps[i] = (row * width + column) * LANES;
      }
      int[] offsets = new int[shape.outHeight() * shape.outWidth()];
      for (int i = 0; i < offsets.length; i++) {
        int row = i / shape.outWidth() * shape.stride();
        offsets[i] = (row * width + i % shape.outWidth() * shape.stride()) * LANES;
      }
      return new Windows(taps, offsets, new int[offsets.length]);
    }
  }

  @Override
  public boolean convolutionWeightGradient(
      ConvolutionShape shape, Lanes in, Lanes outGradient, long[] sum, int weights, float limit) {
    Windows windows = plan(shape).windows();
    Lanes input = shape.padding() == 0 ? in : pad(shape, in);
    int taps = shape.taps();
    int plane = windows.offsets().length * LANES;
    boolean rows =
        MANY_REGISTERS
            && shape.kernelWidth() == 5
            && shape.stride() == 1
            && shape.outWidth() % 2 == 0;
    boolean inRange = true;
    int size;
    for (int q = 0; q < shape.maps(); q += size) {
      size = rows ? Math.min(3, shape.maps() - q) : tileMaps(shape.maps() - q);
      int places = rows && size == 3 ? 5 : tilePlaces(size);
      int bias = (taps + places - 1) / places * places * size * LANES;
      reserveGradients(bias + size * LANES);
      int from = outGradient.start() + q * plane;
      windowGradients(windows, taps, input, outGradient.values(), from, size, places, bias);
      for (int m = 0; m < size; m++) {
        int to = weights + (q + m) * taps;
        for (int t = 0; t < taps; t += places) {
          int at = (t * size + m * places) * LANES;
          inRange &= addTile(gradients, at, Math.min(places, taps - t), sum, to + t, limit);
        }
        to = weights + shape.maps() * taps + q + m;
        inRange &= addTile(gradients, bias + m * LANES, 1, sum, to, limit);
      }
    }
    return inRange;
  }

  /** Leaves the gradients of one tile of maps, taps before biases, in scratch. */
  private void windowGradients(
      Windows windows,
      int taps,
      Lanes in,
      float[] outGradient,
      int from,
      int size,
      int places,
      int bias) {
    int count = windows.offsets().length;
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      for (int t = 0; t < taps; t += places) {
        int at = t * size * LANES + lane;
        if (places == 5) {
          VectorTiles.gradientOfRow(
              outGradient,
              from + lane,
              count * LANES,
              in.values(),
              in.start() + lane,
              windows.taps(),
              t,
              windows.offsets(),
              count,
              gradients,
              at);
        } else {
          VectorTiles.gradient(
              size,
              places,
              outGradient,
              from + lane,
              count * LANES,
              in.values(),
              in.start() + lane,
              windows.taps(),
              t,
              windows.offsets(),
              count,
              gradients,
              at);
        }
      }
      // A bias is the weight of an input that is always 1.
      VectorTiles.gradient(
          size,
          1,
          outGradient,
          from + lane,
          count * LANES,
          ONE,
          lane,
          windows.nowhere(),
          0,
          windows.nowhere(),
          count,
          gradients,
          bias + lane);
    }
  }

  private void reserveGradients(int count) {
    if (gradients.length < count) {
      gradients = new float[count];
    }
  }

  /** The input with zeros around it, in scratch. */
  private Lanes pad(ConvolutionShape shape, Lanes in) {
    int height = shape.height() + 2 * shape.padding();
    int width = shape.width() + 2 * shape.padding();
    int length = shape.channels() * height * width * LANES;
    if (padded.values().length < padded.start() + length) {
      padded = Lanes.aligned(length / LANES);
    }
    float[] to = padded.values();
    Arrays.fill(to, padded.start(), padded.start() + length, 0f);
    int row = shape.width() * LANES;
    for (int i = 0; i < shape.channels() * shape.height(); i++) {
      int y = i / shape.height() * height + shape.padding() + i % shape.height();
      int at = padded.start() + (y * width + shape.padding()) * LANES;
      System.arraycopy(in.values(), in.start() + i * row, to, at, row);
    }
    return padded;
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /** Rounds gradients, 16 lanes each, to the grid and adds them to elements of the sum. */
  private static boolean addTile(
      float[] lanes, int from, int count, long[] sum, int to, float limit) {
    IntVector largest = IntVector.broadcast(INTS, 0);
    for (int i = 0; i < count * LANES; i += LENGTH) {
      FloatVector values = load(lanes, from + i);
      largest = largest.max(values.reinterpretAsInts().and(Integer.MAX_VALUE));
      sum[to + i / LANES] += gridSum(values);
    }
    return largest.compare(VectorOperators.LE, Float.floatToRawIntBits(limit)).allTrue();
  }

  /**
   * The sum of {@link FixedPoint#of} over the lanes: integers, so in any order. The product with a
   * power of two is exact, so it makes no difference that it is fused with the sum.
   */
  private static long gridSum(FloatVector values) {
    DoubleVector scale = DoubleVector.broadcast(DOUBLES, FixedPoint.SCALE);
    DoubleVector rounder = DoubleVector.broadcast(DOUBLES, FixedPoint.ROUNDER);
    DoubleVector low = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
    DoubleVector high = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 1);
    LongVector lowBits = low.fma(scale, rounder).reinterpretAsLongs();
    LongVector highBits = high.fma(scale, rounder).reinterpretAsLongs();
    return lowBits.add(highBits).reduceLanes(VectorOperators.ADD) - LENGTH * ROUNDER_BITS;
  }

  /**
   * Four bytes of each sample make a word; a vector of words, one a lane, gives four elements by
   * shifts. x / 255 is rounded right by a product and one step of Newton's division.
   */
  @Override
  public void unpack(byte[] pixels, int[] starts, int size, Lanes out) {
    int count = size / Integer.BYTES * LANES;
    if (words.length < count) {
      words = new int[count];
    }
    for (int i = 0; i < count; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        words[i + lane] = (int) WORD.get(pixels, starts[lane] + i / LANES * Integer.BYTES);
      }
    }
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      unpackTile(words, lane, count, out.values(), out.start() + lane);
    }
    for (int i = size / Integer.BYTES * Integer.BYTES; i < size; i++) {
      for (int lane = 0; lane < LANES; lane++) {
        out.set(i, lane, (pixels[starts[lane] + i] & 0xff) / 255f);
      }
    }
  }

  private static void unpackTile(int[] words, int lane, int count, float[] out, int to) {
    for (int i = 0; i < count; i += LANES) {
      IntVector word = IntVector.fromArray(INTS, words, lane + i);
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        // A byte in the low bits of 2^23.
        FloatVector x =
            word.lanewise(VectorOperators.LSHR, shift)
                .and(0xff)
                .or(Float.floatToRawIntBits(0x1p23f))
                .reinterpretAsFloats()
                .sub(0x1p23f);
        FloatVector quotient = x.mul(1 / 255f);
        FloatVector rest = quotient.fma(broadcast(-255f), x);
        rest.fma(broadcast(1 / 255f), quotient).intoArray(out, to + 4 * i + 2 * shift);
      }
    }
  }

  @Override
  public void sigmoidForward(Lanes values, int size) {
    float[] array = values.values();
    int end = values.start() + size * LANES;
    for (int i = values.start(); i < end; i += LENGTH) {
      FloatVector x = load(array, i).neg();
      // Not min and max, which cost more for what they do with numbers that are none.
      x = x.blend(87f, x.compare(VectorOperators.GT, 87f));
      x = x.blend(-87f, x.compare(VectorOperators.LT, -87f));
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
      broadcast(1f).div(p.mul(power).add(1f)).intoArray(array, i);
    }
  }

  @Override
  public void sigmoidBackward(Lanes values, int size, Lanes gradient) {
    float[] array = gradient.values();
    int distance = values.start() - gradient.start();
    int end = gradient.start() + size * LANES;
    for (int i = gradient.start(); i < end; i += LENGTH) {
      FloatVector y = load(values.values(), i + distance);
      FloatVector slope = y.mul(broadcast(1f).sub(y));
      load(array, i).mul(slope).intoArray(array, i);
    }
  }

  @Override
  public void squaredError(
      Lanes out, int units, int[] labels, int lanes, Lanes gradient, float[] loss) {
    float[] array = gradient.values();
    System.arraycopy(out.values(), out.start(), array, gradient.start(), units * LANES);
    for (int lane = 0; lane < lanes; lane++) {
      array[gradient.start() + labels[lane] * LANES + lane] -= 1f;
    }
    for (int i = 0; i < units && lanes < LANES; i++) {
      int at = gradient.start() + i * LANES;
      Arrays.fill(array, at + lanes, at + LANES, 0f);
    }
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      halfSquaresTile(array, gradient.start() + lane, units, loss, lane);
    }
  }

  private static void halfSquaresTile(float[] in, int from, int count, float[] out, int to) {
    FloatVector sum = broadcast(0f);
    for (int i = 0; i < count; i++) {
      FloatVector x = load(in, from + i * LANES);
      sum = x.fma(x, sum);
    }
    sum.mul(0.5f).intoArray(out, to);
  }

  @Override
  public void meanPoolingForward(
      Lanes in, int channels, int height, int width, int size, Lanes out) {
    float scale = 1f / (size * size);
    int o = out.start();
    for (int y = 0; y < channels * height; y += size) {
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int from = in.start() + y * width * LANES + lane;
        poolRow(in.values(), from, width, size, scale, out.values(), o + lane);
      }
      o += width / size * LANES;
    }
  }

  private static void poolRow(
      float[] in, int from, int width, int size, float scale, float[] out, int to) {
    for (int x = 0; x < width / size; x++) {
      blockTile(in, from + x * size * LANES, width * LANES, size, scale, out, to + x * LANES);
    }
  }

  private static void blockTile(
      float[] in, int from, int row, int size, float scale, float[] out, int to) {
    FloatVector sum = broadcast(0f);
    int at = from;
    int column = 0;
    for (int i = 0; i < size * size; i++) {
      sum = sum.add(load(in, at));
      at += LANES;
      if (++column == size) {
        column = 0;
        at += row - size * LANES;
      }
    }
    sum.mul(scale).intoArray(out, to);
  }

  @Override
  public void meanPoolingBackward(
      Lanes outGradient, int channels, int height, int width, int size, Lanes inGradient) {
    float scale = 1f / (size * size);
    for (int y = 0; y < channels * height; y++) {
      int from = outGradient.start() + y / size * (width / size) * LANES;
      int to = inGradient.start() + y * width * LANES;
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        for (int v = 0; v < size; v++) {
          spreadTile(
              outGradient.values(),
              from + lane,
              width / size,
              scale,
              inGradient.values(),
              to + v * LANES + lane,
              size * LANES);
        }
      }
    }
  }

  private static void spreadTile(
      float[] in, int from, int count, float scale, float[] out, int to, int step) {
    for (int i = 0; i < count; i++) {
      load(in, from + i * LANES).mul(scale).intoArray(out, to + i * step);
    }
  }

  @Override
  public void columnScan(Lanes in, int channels, int height, int width, Lanes out) {
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        int from = in.start() + (c * height + y) * width * LANES;
        int to = out.start() + (c * width * height + y) * LANES;
        for (int lane = 0; lane < LANES; lane += LENGTH) {
          copyTile(in.values(), from + lane, width, out.values(), to + lane, height * LANES);
        }
      }
    }
  }

  private static void copyTile(float[] in, int from, int count, float[] out, int to, int step) {
    for (int i = 0; i < count; i++) {
      load(in, from + i * LANES).intoArray(out, to + i * step);
    }
  }

  @Override
  public void denseForward(
      Lanes in, int inputs, float[] parameters, int weights, int units, Lanes out) {
    dots(in, inputs, parameters, weights, inputs, 1, weights + units * inputs, units, out);
  }

  @Override
  public void denseInputGradient(
      Lanes outGradient, int inputs, float[] parameters, int weights, int units, Lanes inGradient) {
    dots(outGradient, units, parameters, weights, 1, inputs, ZERO, inputs, inGradient);
  }

  /** The products of a vector with the rows or columns of a matrix, several at a time. */
  private static void dots(
      Lanes in,
      int count,
      float[] parameters,
      int weights,
      int placeStep,
      int step,
      int bias,
      int places,
      Lanes out) {
    int size;
    for (int i = 0; i < places; i += size) {
      size = Math.min(8, Integer.highestOneBit(places - i));
      int w = weights + i * placeStep;
      int b = bias == ZERO ? ZERO : bias + i;
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int to = out.start() + i * LANES + lane;
        VectorTiles.dot(
            size,
            in.values(),
            in.start() + lane,
            count,
            parameters,
            w,
            placeStep,
            step,
            b,
            out.values(),
            to);
      }
    }
  }

  @Override
  public boolean denseWeightGradient(
      Lanes in, int inputs, Lanes outGradient, int units, long[] sum, int weights, float limit) {
    boolean inRange = true;
    for (int i = 0; i < units; i++) {
      int error = outGradient.start() + i * LANES;
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        inRange &=
            productsTile(
                outGradient.values(),
                error + lane,
                in.values(),
                in.start() + lane,
                inputs,
                sum,
                weights + i * inputs,
                limit);
      }
      int bias = weights + units * inputs + i;
      inRange &= addTile(outGradient.values(), error, 1, sum, bias, limit);
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
    IntVector largest = IntVector.broadcast(INTS, 0);
    for (int j = 0; j < inputs; j++) {
      FloatVector product = error.mul(load(in, from + j * LANES));
      largest = largest.max(product.reinterpretAsInts().and(Integer.MAX_VALUE));
      sum[to + j] += gridSum(product);
    }
    return largest.compare(VectorOperators.LE, Float.floatToRawIntBits(limit)).allTrue();
  }
}
