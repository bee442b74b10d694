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
import jdk.incubator.vector.VectorMask;
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
  private static final VectorSpecies<Long> LONGS =
      VectorSpecies.of(long.class, SPECIES.vectorShape());
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, SPECIES.vectorShape());

  /** Of the processor: 32 with AVX-512 or without x86, else 16. */
  private static final boolean MANY_REGISTERS =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512
          || !System.getProperty("os.arch").matches("amd64|x86_64");

  /** No place of a bias: the sum starts at zero. */
  private static final int ZERO = -1;

  /** What goes through several loops in turn, so that it stays in the first cache; floats. */
  private static final int CHUNK = 64 * LANES;

  private static final float[] ONE = new float[LANES];

  static {
    Arrays.fill(ONE, 1f);
  }

  private static final long ROUNDER_BITS = Double.doubleToRawLongBits(FixedPoint.ROUNDER);

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Gradients that are rounded before any of them is added: few enough for the first cache. */
  private static final int ROUNDED = 64;

  private final Map<ConvolutionShape, Plan> plans = new HashMap<>();
  private float[] packed = {};
  private float[] gradients = {};
  private final long[] rounded = new long[ROUNDED * LANES / 2];
  private float[] turned = {};
  private long[] products = {};
  private final float[] factors = new float[LANES];
  private final int[] places = new int[LANES];
  private final float[] largestInputs = new float[LANES];
  private final float[] largestErrors = new float[LANES];
  private final float[] largestOutputs = new float[LANES];
  private final float[] labelOutputs = new float[LANES];
  private final float[] distances = new float[LANES];
  private final float[] sums = new float[LANES];
  private int[] words = {};
  private final float[] exponentials = new float[CHUNK];
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
    if (isOneWindow(shape)) {
      windowForward(shape, in, parameters, weights, out);
      return;
    }
    Gather gather = plan(shape).forward();
    int area = shape.area();
    int taps = shape.taps();
    int maps = shape.groupMaps();
    int from = in.start();
    int to = out.start();
    for (int q = 0; q < shape.maps(); q += maps) {
      int bias = weights + shape.maps() * taps + q;
      pack(gather, area, parameters, weights + q * taps, taps, area, bias);
      gather(gather, area, in.values(), from, out.values(), to);
      from += gather.sourceMaps() * gather.sources() * LANES;
      to += gather.placeMaps() * gather.plane();
    }
  }

  @Override
  public void convolutionInputGradient(
      ConvolutionShape shape,
      Lanes outGradient,
      float[] parameters,
      int weights,
      Lanes inGradient) {
    if (isOneWindow(shape)) {
      windowInputGradient(shape, outGradient, parameters, weights, inGradient);
      return;
    }
    Gather gather = plan(shape).inputGradient();
    int area = shape.area();
    int taps = shape.taps();
    int maps = shape.groupMaps();
    int from = outGradient.start();
    int to = inGradient.start();
    for (int q = 0; q < shape.maps(); q += maps) {
      pack(gather, area, parameters, weights + q * taps, area, taps, ZERO);
      gather(gather, area, outGradient.values(), from, inGradient.values(), to);
      from += gather.sourceMaps() * gather.sources() * LANES;
      to += gather.placeMaps() * gather.plane();
    }
  }

  /**
   * Whether each map is one number: its kernel sees one window, as a unit of a dense layer does.
   */
  private static boolean isOneWindow(ConvolutionShape shape) {
    return shape.outHeight() * shape.outWidth() == 1 && shape.padding().isNone();
  }

  private void windowForward(
      ConvolutionShape shape, Lanes in, float[] parameters, int weights, Lanes out) {
    int taps = shape.taps();
    int maps = shape.groupMaps();
    for (int q = 0; q < shape.maps(); q += maps) {
      int group = q / maps * shape.groupChannels() * shape.height() * shape.width();
      window(shape, in.values(), in.start() + group * LANES);
      int bias = weights + shape.maps() * taps + q;
      Lanes to = out.from(q);
      dots(new Lanes(gradients, 0), taps, parameters, weights + q * taps, taps, 1, bias, maps, to);
    }
  }

  private void windowInputGradient(
      ConvolutionShape shape,
      Lanes outGradient,
      float[] parameters,
      int weights,
      Lanes inGradient) {
    int[] offsets = plan(shape).windows().taps();
    int taps = shape.taps();
    int maps = shape.groupMaps();
    reserveGradients(taps * LANES);
    Lanes window = new Lanes(gradients, 0);
    float[] to = inGradient.values();
    int group = shape.groupChannels() * shape.height() * shape.width() * LANES;
    for (int q = 0; q < shape.maps(); q += maps) {
      dots(outGradient.from(q), maps, parameters, weights + q * taps, 1, taps, ZERO, taps, window);
      int start = inGradient.start() + q / maps * group;
      Arrays.fill(to, start, start + group, 0f);
      for (int t = 0; t < taps; t++) {
        System.arraycopy(gradients, t * LANES, to, start + offsets[t], LANES);
      }
    }
  }

  /** Leaves the one window of a group in scratch, in the order of the weights. */
  private void window(ConvolutionShape shape, float[] in, int start) {
    int[] offsets = plan(shape).windows().taps();
    reserveGradients(shape.taps() * LANES);
    for (int t = 0; t < shape.taps(); t++) {
      System.arraycopy(in, start + offsets[t], gradients, t * LANES, LANES);
    }
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
  private void gather(Gather gather, int area, float[] in, int from, float[] out, int to) {
    int places = tilePlaces(gather.placeMaps());
    for (int i = 0; i < gather.regions().size(); i++) {
      Gather.Region region = gather.regions().get(i);
      if (region.taps().length == 0) {
        clear(gather, region, out, to);
        continue;
      }
      int count = region.places().length;
      int place = 0;
      for (; place + places <= count; place += places) {
        gather(gather, area, region, place, places, in, from, out, to);
      }
      if (place < count && count >= places && 2 * (count - place) > places) {
        // Moved back, this one does some of its neighbour's work again, with the same result.
        gather(gather, area, region, count - places, places, in, from, out, to);
        place = count;
      }
      for (; place < count; place++) {
        gather(gather, area, region, place, 1, in, from, out, to);
      }
    }
  }

  /** Places that a stride leaves out have a gradient of zero. */
  private static void clear(Gather gather, Gather.Region region, float[] out, int to) {
    for (int place : region.places()) {
      for (int map = 0; map < gather.placeMaps(); map++) {
        int at = to + place + map * gather.plane();
        Arrays.fill(out, at, at + LANES, 0f);
      }
    }
  }

  private void gather(
      Gather gather,
      int area,
      Gather.Region region,
      int place,
      int places,
      float[] in,
      int from,
      float[] out,
      int to) {
    int taps = gather.sourceMaps() * area;
    int maps = gather.placeMaps();
    int plane = gather.plane();
    int[] sources = region.sources();
    boolean row =
        places > 1
            && region.taps().length == 2 * taps
            && areNeighbours(sources, place, places)
            && areNeighbours(region.places(), place, places);
    int size;
    for (int q = 0; q < maps; q += size) {
      size = tileMaps(maps - q);
      int base = q * (taps + 1);
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int source = from + lane;
        int target = to + lane + q * plane;
        if (row) {
          VectorTiles.gatherRow(
              size,
              places,
              in,
              source + sources[place],
              region.taps(),
              packed,
              base,
              out,
              target + region.places()[place],
              plane);
        } else {
          VectorTiles.gather(
              size,
              places,
              in,
              source,
              region.taps(),
              sources,
              place,
              packed,
              base,
              out,
              target,
              region.places(),
              plane);
        }
      }
    }
  }

  private static boolean areNeighbours(int[] offsets, int first, int count) {
    return offsets[first + count - 1] - offsets[first] == (count - 1) * LANES;
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
      int height = shape.paddedHeight();
      int width = shape.paddedWidth();
      int[] taps = new int[shape.taps() + OVERHANG];
      for (int i = 0; i < taps.length; i++) {
        int t = Math.min(i, shape.taps() - 1);
        int u = t / shape.kernelWidth() % shape.kernelHeight();
        int row = t / shape.area() * height + shape.row(0, u) + shape.padding().top();
        int column = shape.column(0, t % shape.kernelWidth()) + shape.padding().left();
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
    boolean isOnePosition = shape.outHeight() * shape.outWidth() == 1;
    int channels = shape.groupChannels() * shape.height() * shape.width() * LANES;
    boolean inRange = true;
    for (int group = 0; group < shape.groups(); group++) {
      float[] input = in.values();
      int start = in.start() + group * channels;
      if (!shape.padding().isNone()) {
        pad(shape, input, start);
        input = padded.values();
        start = padded.start();
      }
      int q = group * shape.groupMaps();
      inRange &=
          isOnePosition
              ? windowProducts(shape, q, input, start, outGradient, sum, weights, limit)
              : groupGradients(shape, q, input, start, outGradient, sum, weights, limit);
    }
    return inRange;
  }

  /** Where a map is one number, its kernel sees one window, as a unit of a dense layer does. */
  private boolean windowProducts(
      ConvolutionShape shape,
      int first,
      float[] in,
      int start,
      Lanes outGradient,
      long[] sum,
      int weights,
      float limit) {
    int taps = shape.taps();
    window(shape, in, start);
    turn(gradients, 0, taps);
    int bias = weights + shape.maps() * taps + first;
    int maps = shape.groupMaps();
    return products(taps, outGradient, first, maps, sum, weights + first * taps, bias, limit);
  }

  /** Those of the maps of one group, from {@code first} on, whose channels begin at start. */
  private boolean groupGradients(
      ConvolutionShape shape,
      int first,
      float[] in,
      int start,
      Lanes outGradient,
      long[] sum,
      int weights,
      float limit) {
    Windows windows = plan(shape).windows();
    int taps = shape.taps();
    int plane = windows.offsets().length * LANES;
    boolean inRows = hasRowTiles(shape);
    int end = first + shape.groupMaps();
    boolean inRange = true;
    int size;
    for (int q = first; q < end; q += size) {
      size = inRows ? Math.min(3, end - q) : tileMaps(end - q);
      int places = inRows ? rowTaps(size, shape.kernelWidth()) : tilePlaces(size);
      // A map's gradients lie side by side, those that hang over behind them.
      int row = (taps + Windows.OVERHANG) * LANES;
      reserveGradients(size * (row + LANES));
      int from = outGradient.start() + q * plane;
      windowGradients(windows, taps, in, start, outGradient.values(), from, size, places, row);
      for (int m = 0; m < size; m++) {
        inRange &= addTile(gradients, m * row, taps, sum, weights + (q + m) * taps, limit);
      }
      int bias = weights + shape.maps() * taps + q;
      inRange &= addTile(gradients, size * row, size, sum, bias, limit);
    }
    return inRange;
  }

  /** Whether there are tiles that take whole rows of such a kernel, which need fewer loads. */
  private static boolean hasRowTiles(ConvolutionShape shape) {
    return MANY_REGISTERS
        && shape.stride() == 1
        && shape.outWidth() % 4 == 0
        && (shape.kernelWidth() == 3 || shape.kernelWidth() == 5);
  }

  /** Taps of such a tile; one map and rows of 5 have none, for too few sums would go at a time. */
  private static int rowTaps(int maps, int kernelWidth) {
    if (kernelWidth == 3) {
      return maps == 3 ? 6 : 9;
    }
    return maps == 1 ? tilePlaces(1) : 5;
  }

  /** Leaves the gradients of a tile of maps in scratch: a row of taps a map, then all biases. */
  private void windowGradients(
      Windows windows,
      int taps,
      float[] in,
      int start,
      float[] outGradient,
      int from,
      int size,
      int places,
      int row) {
    int count = windows.offsets().length;
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      for (int t = 0; t < taps; t += places) {
        int at = t * LANES + lane;
        VectorTiles.gradient(
            size,
            places,
            outGradient,
            from + lane,
            count * LANES,
            in,
            start + lane,
            windows.taps(),
            t,
            windows.offsets(),
            count,
            gradients,
            at,
            row);
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
          size * row + lane,
          LANES);
    }
  }

  private void reserveGradients(int count) {
    // With what is read behind the last one.
    if (gradients.length < count + LANES) {
      gradients = new float[count + LANES];
    }
  }

  /** Puts the channels of a group into scratch, with zeros around them. */
  private void pad(ConvolutionShape shape, float[] in, int start) {
    int height = shape.paddedHeight();
    int width = shape.paddedWidth();
    int length = shape.groupChannels() * height * width * LANES;
    if (padded.values().length < padded.start() + length) {
      padded = Lanes.aligned(length / LANES);
    }
    float[] to = padded.values();
    Arrays.fill(to, padded.start(), padded.start() + length, 0f);
    int row = shape.width() * LANES;
    for (int i = 0; i < shape.groupChannels() * shape.height(); i++) {
      int y = i / shape.height() * height + shape.padding().top() + i % shape.height();
      int at = padded.start() + (y * width + shape.padding().left()) * LANES;
      System.arraycopy(in, start + i * row, to, at, row);
    }
  }

  /**
   * Rounds gradients in scratch, 16 lanes each, to the grid and adds the integers to elements of
   * the sum. Adding up what is left in a vector takes as many instructions again as all before it,
   * on the same two units; done by loads and scalar additions it runs beside them.
   */
  private boolean addTile(float[] gradients, int from, int count, long[] sum, int to, float limit) {
    boolean inRange = true;
    for (int i = 0; i < count; i += ROUNDED) {
      int size = Math.min(ROUNDED, count - i);
      inRange &= roundTile(gradients, from + i * LANES, size, rounded, limit);
      addPairs(rounded, size, sum, to + i);
    }
    return inRange;
  }

  /**
   * Leaves 8 sums of two lanes each for each gradient, all too large by twice the bits of {@link
   * FixedPoint#ROUNDER}. All in one method, since a vector handed to another may become an object,
   * and called on what is known to be of the species' class, for the same reason. The upper half of
   * a vector is loaded as the lower half of another, which is cheaper than taking it out. A product
   * with a power of two is exact, so it makes no difference that it is fused with the addition of
   * the rounder. Magnitudes are ordered as their bits are, and behind them what is no number.
   */
  private static boolean roundTile(
      float[] gradients, int from, int count, long[] rounded, float limit) {
    DoubleVector scale = DoubleVector.broadcast(DOUBLES, FixedPoint.SCALE);
    DoubleVector rounder = DoubleVector.broadcast(DOUBLES, FixedPoint.ROUNDER);
    IntVector largest = IntVector.broadcast(INTS, 0);
    for (int i = 0; i < count * LANES; i += LENGTH) {
      FloatVector values = FloatVector.fromArray(SPECIES, gradients, from + i);
      FloatVector upper = FloatVector.fromArray(SPECIES, gradients, from + i + LENGTH / 2);
      largest = largest.max(values.reinterpretAsInts().and(Integer.MAX_VALUE));
      DoubleVector low = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector high = (DoubleVector) upper.convertShape(VectorOperators.F2D, DOUBLES, 0);
      scale
          .fma(low, rounder)
          .reinterpretAsLongs()
          .add(scale.fma(high, rounder).reinterpretAsLongs())
          .intoArray(rounded, i / 2);
    }
    return largest.reduceLanes(VectorOperators.MAX) <= Float.floatToRawIntBits(limit);
  }

  private static void addPairs(long[] rounded, int count, long[] sum, int to) {
    for (int i = 0; i < count; i++) {
      int at = i * (LANES / 2);
      sum[to + i] +=
          (rounded[at] + rounded[at + 1])
              + (rounded[at + 2] + rounded[at + 3])
              + (rounded[at + 4] + rounded[at + 5])
              + (rounded[at + 6] + rounded[at + 7])
              - LANES * ROUNDER_BITS;
    }
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
        FloatVector rest = quotient.fma(FloatVector.broadcast(SPECIES, -255f), x);
        rest.fma(FloatVector.broadcast(SPECIES, 1 / 255f), quotient)
            .intoArray(out, to + 4 * i + 2 * shift);
      }
    }
  }

  @Override
  public void sigmoidForward(Lanes in, int size, Lanes out) {
    float[] array = out.values();
    int distance = in.start() - out.start();
    int end = out.start() + size * LANES;
    for (int i = out.start(); i < end; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, in.values(), i + distance).neg();
      // Not min and max, which cost more for what they do with numbers that are none.
      x = x.blend(87f, x.compare(VectorOperators.GT, 87f));
      x = x.blend(-87f, x.compare(VectorOperators.LT, -87f));
      FloatVector rounded =
          x.fma(
              FloatVector.broadcast(SPECIES, FloatMath.LOG2_E),
              FloatVector.broadcast(SPECIES, FloatMath.ROUNDER));
      FloatVector n = rounded.sub(FloatMath.ROUNDER);
      FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -FloatMath.LN2_HIGH), x);
      r = n.fma(FloatVector.broadcast(SPECIES, -FloatMath.LN2_LOW), r);
      FloatVector p =
          r.fma(
              FloatVector.broadcast(SPECIES, FloatMath.C6),
              FloatVector.broadcast(SPECIES, FloatMath.C5));
      p = p.fma(r, FloatVector.broadcast(SPECIES, FloatMath.C4));
      p = p.fma(r, FloatVector.broadcast(SPECIES, FloatMath.C3));
      p = p.fma(r, FloatVector.broadcast(SPECIES, FloatMath.C2));
      p = p.fma(r.mul(r), r).add(1f);
      IntVector exponent =
          rounded
              .reinterpretAsInts()
              .sub(Float.floatToRawIntBits(FloatMath.ROUNDER) - 127)
              .lanewise(VectorOperators.LSHL, 23);
      FloatVector power = exponent.reinterpretAsFloats();
      FloatVector.broadcast(SPECIES, 1f).div(p.mul(power).add(1f)).intoArray(array, i);
    }
  }

  @Override
  public void sigmoidBackward(Lanes out, int size, Lanes outGradient, Lanes inGradient) {
    float[] array = inGradient.values();
    int distance = out.start() - inGradient.start();
    int errors = outGradient.start() - inGradient.start();
    int end = inGradient.start() + size * LANES;
    for (int i = inGradient.start(); i < end; i += LENGTH) {
      FloatVector y = FloatVector.fromArray(SPECIES, out.values(), i + distance);
      FloatVector slope = y.mul(FloatVector.broadcast(SPECIES, 1f).sub(y));
      FloatVector.fromArray(SPECIES, outGradient.values(), i + errors)
          .mul(slope)
          .intoArray(array, i);
    }
  }

  /** exp of each value, brought into [-87, 87], in place. */
  private static void exponentials(float[] values, int from, int count) {
    for (int i = from; i < from + count; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, values, i);
      x = x.blend(87f, x.compare(VectorOperators.GT, 87f));
      x = x.blend(-87f, x.compare(VectorOperators.LT, -87f));
      FloatVector rounded =
          x.fma(
              FloatVector.broadcast(SPECIES, FloatMath.LOG2_E),
              FloatVector.broadcast(SPECIES, FloatMath.ROUNDER));
      FloatVector n = rounded.sub(FloatMath.ROUNDER);
      FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -FloatMath.LN2_HIGH), x);
      r = n.fma(FloatVector.broadcast(SPECIES, -FloatMath.LN2_LOW), r);
      FloatVector p =
          r.fma(
              FloatVector.broadcast(SPECIES, FloatMath.C6),
              FloatVector.broadcast(SPECIES, FloatMath.C5));
      p = p.fma(r, FloatVector.broadcast(SPECIES, FloatMath.C4));
      p = p.fma(r, FloatVector.broadcast(SPECIES, FloatMath.C3));
      p = p.fma(r, FloatVector.broadcast(SPECIES, FloatMath.C2));
      p = p.fma(r.mul(r), r).add(1f);
      IntVector exponent =
          rounded
              .reinterpretAsInts()
              .sub(Float.floatToRawIntBits(FloatMath.ROUNDER) - 127)
              .lanewise(VectorOperators.LSHL, 23);
      p.mul(exponent.reinterpretAsFloats()).intoArray(values, i);
    }
  }

  @Override
  public void tanhForward(Lanes in, int size, Lanes out) {
    for (int done = 0; done < size * LANES; done += CHUNK) {
      int count = Math.min(CHUNK, size * LANES - done);
      doubledMagnitudes(in.values(), in.start() + done, count, exponentials);
      exponentials(exponentials, 0, count);
      tanhTile(
          in.values(), in.start() + done, count, exponentials, out.values(), out.start() + done);
    }
  }

  private static void doubledMagnitudes(float[] in, int from, int count, float[] out) {
    for (int i = 0; i < count; i += LENGTH) {
      FloatVector magnitude = FloatVector.fromArray(SPECIES, in, from + i).abs();
      magnitude.add(magnitude).intoArray(out, i);
    }
  }

  private static void tanhTile(
      float[] in, int from, int count, float[] exponentials, float[] out, int to) {
    for (int i = 0; i < count; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i);
      FloatVector z = x.mul(x);
      FloatVector p =
          z.fma(
              FloatVector.broadcast(SPECIES, FloatMath.T5),
              FloatVector.broadcast(SPECIES, FloatMath.T4));
      p = p.fma(z, FloatVector.broadcast(SPECIES, FloatMath.T3));
      p = p.fma(z, FloatVector.broadcast(SPECIES, FloatMath.T2));
      p = p.fma(z, FloatVector.broadcast(SPECIES, FloatMath.T1));
      FloatVector small = p.fma(x.mul(z), x);
      FloatVector above = FloatVector.fromArray(SPECIES, exponentials, i).add(1f);
      FloatVector one = FloatVector.broadcast(SPECIES, 1f);
      FloatVector large = one.sub(FloatVector.broadcast(SPECIES, 2f).div(above));
      large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0f));
      large
          .blend(small, x.abs().compare(VectorOperators.LT, FloatMath.TANH_SMALL))
          .intoArray(out, to + i);
    }
  }

  @Override
  public void tanhBackward(Lanes out, int size, Lanes outGradient, Lanes inGradient) {
    float[] array = inGradient.values();
    int distance = out.start() - inGradient.start();
    int errors = outGradient.start() - inGradient.start();
    int end = inGradient.start() + size * LANES;
    for (int i = inGradient.start(); i < end; i += LENGTH) {
      FloatVector y = FloatVector.fromArray(SPECIES, out.values(), i + distance);
      FloatVector slope = y.neg().fma(y, FloatVector.broadcast(SPECIES, 1f));
      FloatVector.fromArray(SPECIES, outGradient.values(), i + errors)
          .mul(slope)
          .intoArray(array, i);
    }
  }

  @Override
  public void reluForward(Lanes in, int size, float slope, Lanes out) {
    if (slope == 0) {
      rectify(in.values(), in.start(), size * LANES, out.values(), out.start());
    } else {
      rectifyLeaky(in.values(), in.start(), size * LANES, slope, out.values(), out.start());
    }
  }

  private static void rectify(float[] in, int from, int count, float[] out, int to) {
    for (int i = 0; i < count; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i);
      x.blend(0f, x.compare(VectorOperators.LT, 0f)).intoArray(out, to + i);
    }
  }

  private static void rectifyLeaky(
      float[] in, int from, int count, float slope, float[] out, int to) {
    for (int i = 0; i < count; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i);
      x.blend(x.mul(slope), x.compare(VectorOperators.LT, 0f)).intoArray(out, to + i);
    }
  }

  @Override
  public void reluBackward(Lanes out, int size, float slope, Lanes outGradient, Lanes inGradient) {
    if (slope == 0) {
      rectifyGradient(out, size, outGradient, inGradient);
    } else {
      rectifyGradientLeaky(out, size, slope, outGradient, inGradient);
    }
  }

  private static void rectifyGradient(Lanes out, int size, Lanes outGradient, Lanes inGradient) {
    float[] array = inGradient.values();
    int distance = out.start() - inGradient.start();
    int errors = outGradient.start() - inGradient.start();
    int end = inGradient.start() + size * LANES;
    for (int i = inGradient.start(); i < end; i += LENGTH) {
      FloatVector y = FloatVector.fromArray(SPECIES, out.values(), i + distance);
      FloatVector g = FloatVector.fromArray(SPECIES, outGradient.values(), i + errors);
      g.blend(0f, y.compare(VectorOperators.GT, 0f).not()).intoArray(array, i);
    }
  }

  private static void rectifyGradientLeaky(
      Lanes out, int size, float slope, Lanes outGradient, Lanes inGradient) {
    float[] array = inGradient.values();
    int distance = out.start() - inGradient.start();
    int errors = outGradient.start() - inGradient.start();
    int end = inGradient.start() + size * LANES;
    for (int i = inGradient.start(); i < end; i += LENGTH) {
      FloatVector y = FloatVector.fromArray(SPECIES, out.values(), i + distance);
      FloatVector g = FloatVector.fromArray(SPECIES, outGradient.values(), i + errors);
      g.mul(slope).blend(g, y.compare(VectorOperators.GT, 0f)).intoArray(array, i);
    }
  }

  @Override
  public void geluForward(Lanes in, int size, Lanes out) {
    for (int done = 0; done < size * LANES; done += CHUNK) {
      int count = Math.min(CHUNK, size * LANES - done);
      halfSquares(in.values(), in.start() + done, count, exponentials);
      exponentials(exponentials, 0, count);
      geluTile(
          in.values(), in.start() + done, count, exponentials, out.values(), out.start() + done);
    }
  }

  private static void halfSquares(float[] in, int from, int count, float[] out) {
    for (int i = 0; i < count; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i);
      x.mul(x).mul(-0.5f).intoArray(out, i);
    }
  }

  private static void geluTile(
      float[] in, int from, int count, float[] exponentials, float[] out, int to) {
    for (int i = 0; i < count; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i);
      FloatVector one = FloatVector.broadcast(SPECIES, 1f);
      FloatVector t = one.div(x.abs().fma(FloatVector.broadcast(SPECIES, FloatMath.E0), one));
      FloatVector p =
          t.fma(
              FloatVector.broadcast(SPECIES, FloatMath.E5),
              FloatVector.broadcast(SPECIES, FloatMath.E4));
      p = p.fma(t, FloatVector.broadcast(SPECIES, FloatMath.E3));
      p = p.fma(t, FloatVector.broadcast(SPECIES, FloatMath.E2));
      p = p.fma(t, FloatVector.broadcast(SPECIES, FloatMath.E1));
      FloatVector tail = x.mul(p.mul(t).mul(FloatVector.fromArray(SPECIES, exponentials, i)));
      x.sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f)).intoArray(out, to + i);
    }
  }

  @Override
  public void geluBackward(Lanes in, int size, Lanes outGradient, Lanes inGradient) {
    for (int done = 0; done < size * LANES; done += CHUNK) {
      int count = Math.min(CHUNK, size * LANES - done);
      halfSquares(in.values(), in.start() + done, count, exponentials);
      exponentials(exponentials, 0, count);
      geluSlopeTile(
          in.values(),
          in.start() + done,
          count,
          exponentials,
          outGradient.values(),
          outGradient.start() + done,
          inGradient.values(),
          inGradient.start() + done);
    }
  }

  private static void geluSlopeTile(
      float[] in,
      int from,
      int count,
      float[] exponentials,
      float[] errors,
      int error,
      float[] out,
      int to) {
    for (int i = 0; i < count; i += LENGTH) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i);
      FloatVector one = FloatVector.broadcast(SPECIES, 1f);
      FloatVector t = one.div(x.abs().fma(FloatVector.broadcast(SPECIES, FloatMath.E0), one));
      FloatVector p =
          t.fma(
              FloatVector.broadcast(SPECIES, FloatMath.E5),
              FloatVector.broadcast(SPECIES, FloatMath.E4));
      p = p.fma(t, FloatVector.broadcast(SPECIES, FloatMath.E3));
      p = p.fma(t, FloatVector.broadcast(SPECIES, FloatMath.E2));
      p = p.fma(t, FloatVector.broadcast(SPECIES, FloatMath.E1));
      FloatVector exp = FloatVector.fromArray(SPECIES, exponentials, i);
      FloatVector tail = p.mul(t).mul(exp);
      FloatVector below = one.sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
      FloatVector slope =
          x.mul(exp).fma(FloatVector.broadcast(SPECIES, FloatMath.NORMAL_DENSITY), below);
      FloatVector.fromArray(SPECIES, errors, error + i).mul(slope).intoArray(out, to + i);
    }
  }

  @Override
  public void softmaxForward(Lanes in, int units, Lanes out) {
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      largestTile(in.values(), in.start() + lane, units, exponentials, 0);
      lessTile(
          in.values(), in.start() + lane, units, exponentials, 0, out.values(), out.start() + lane);
    }
    exponentials(out.values(), out.start(), units * LANES);
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      shareTile(out.values(), out.start() + lane, units);
    }
  }

  private static void largestTile(float[] in, int from, int units, float[] out, int to) {
    FloatVector largest = FloatVector.fromArray(SPECIES, in, from);
    for (int i = 1; i < units; i++) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i * LANES);
      largest = largest.blend(x, x.compare(VectorOperators.GT, largest));
    }
    largest.intoArray(out, to);
  }

  private static void lessTile(
      float[] in, int from, int units, float[] less, int at, float[] out, int to) {
    FloatVector subtrahend = FloatVector.fromArray(SPECIES, less, at);
    for (int i = 0; i < units * LANES; i += LANES) {
      FloatVector.fromArray(SPECIES, in, from + i).sub(subtrahend).intoArray(out, to + i);
    }
  }

  private static void shareTile(float[] values, int from, int units) {
    FloatVector sum = FloatVector.broadcast(SPECIES, 0f);
    for (int i = 0; i < units; i++) {
      sum = sum.add(FloatVector.fromArray(SPECIES, values, from + i * LANES));
    }
    for (int i = 0; i < units; i++) {
      int at = from + i * LANES;
      FloatVector.fromArray(SPECIES, values, at).div(sum).intoArray(values, at);
    }
  }

  @Override
  public void softmaxBackward(Lanes out, int units, Lanes outGradient, Lanes inGradient) {
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      productSumTile(
          out.values(),
          out.start() + lane,
          units,
          outGradient.values(),
          outGradient.start() + lane,
          sums,
          lane);
      softmaxGradientTile(
          out.values(),
          out.start() + lane,
          units,
          outGradient.values(),
          outGradient.start() + lane,
          sums,
          lane,
          inGradient.values(),
          inGradient.start() + lane);
    }
  }

  private static void productSumTile(
      float[] in, int from, int units, float[] errors, int error, float[] out, int to) {
    FloatVector sum = FloatVector.broadcast(SPECIES, 0f);
    for (int i = 0; i < units * LANES; i += LANES) {
      FloatVector y = FloatVector.fromArray(SPECIES, in, from + i);
      sum = FloatVector.fromArray(SPECIES, errors, error + i).fma(y, sum);
    }
    sum.intoArray(out, to);
  }

  private static void softmaxGradientTile(
      float[] in,
      int from,
      int units,
      float[] errors,
      int error,
      float[] sums,
      int at,
      float[] out,
      int to) {
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, at);
    for (int i = 0; i < units * LANES; i += LANES) {
      FloatVector difference = FloatVector.fromArray(SPECIES, errors, error + i).sub(sum);
      FloatVector.fromArray(SPECIES, in, from + i).mul(difference).intoArray(out, to + i);
    }
  }

  @Override
  public void add(Lanes a, Lanes b, int size, Lanes out) {
    int toA = a.start() - out.start();
    int toB = b.start() - out.start();
    int end = out.start() + size * LANES;
    for (int i = out.start(); i < end; i += LENGTH) {
      FloatVector.fromArray(SPECIES, a.values(), i + toA)
          .add(FloatVector.fromArray(SPECIES, b.values(), i + toB))
          .intoArray(out.values(), i);
    }
  }

  @Override
  public void multiply(Lanes a, Lanes b, int size, Lanes out) {
    int toA = a.start() - out.start();
    int toB = b.start() - out.start();
    int end = out.start() + size * LANES;
    for (int i = out.start(); i < end; i += LENGTH) {
      FloatVector.fromArray(SPECIES, a.values(), i + toA)
          .mul(FloatVector.fromArray(SPECIES, b.values(), i + toB))
          .intoArray(out.values(), i);
    }
  }

  @Override
  public void shiftAndScale(Lanes values, int channels, int plane, float[] shift, float[] scale) {
    for (int c = 0; c < channels; c++) {
      int from = values.start() + c * plane * LANES;
      shiftAndScale(values.values(), from, plane * LANES, shift[c], scale[c]);
    }
  }

  private static void shiftAndScale(float[] values, int from, int count, float shift, float scale) {
    for (int i = from; i < from + count; i += LENGTH) {
      FloatVector.fromArray(SPECIES, values, i).sub(shift).mul(scale).intoArray(values, i);
    }
  }

  @Override
  public void scaleLanes(Lanes values, int size, float[] factors) {
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      scaleLanesTile(values.values(), values.start() + lane, size, factors, lane);
    }
  }

  private static void scaleLanesTile(float[] values, int from, int count, float[] factors, int at) {
    FloatVector factor = FloatVector.fromArray(SPECIES, factors, at);
    for (int i = from; i < from + count * LANES; i += LANES) {
      FloatVector.fromArray(SPECIES, values, i).mul(factor).intoArray(values, i);
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
    float share = 1f / shape.groupSize();
    int row = shape.columns() * LANES;
    for (int group = 0; group < shape.groups(); group++) {
      int first = group * shape.groupRows();
      int mean = statistics.start() + 2 * group * LANES;
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int from = in.start() + first * row + lane;
        int at = mean + lane;
        rowSums(in.values(), from, shape.groupRows(), shape.columns(), statistics.values(), at);
        scaleTile(statistics.values(), at, share);
        rowSquares(in.values(), from, shape.groupRows(), shape.columns(), statistics.values(), at);
        reciprocalRoot(statistics.values(), at + LANES, share, shape.epsilon());
        for (int y = 0; y < shape.groupRows(); y++) {
          normalizedTile(
              in.values(),
              from + y * row,
              shape.columns(),
              statistics.values(),
              at,
              parameters,
              weights + shape.weight(first + y),
              shape.weightStep(),
              shape.weights(),
              out.values(),
              out.start() + (first + y) * row + lane);
        }
      }
    }
  }

  private static void rowSums(float[] in, int from, int rows, int columns, float[] out, int to) {
    Arrays.fill(out, to, to + LENGTH, 0f);
    for (int y = 0; y < rows; y++) {
      addRow(in, from + y * columns * LANES, columns, out, to);
    }
  }

  private static void addRow(float[] in, int from, int columns, float[] out, int to) {
    FloatVector sum = FloatVector.broadcast(SPECIES, 0f);
    for (int x = 0; x < columns; x++) {
      sum = sum.add(FloatVector.fromArray(SPECIES, in, from + x * LANES));
    }
    FloatVector.fromArray(SPECIES, out, to).add(sum).intoArray(out, to);
  }

  private static void scaleTile(float[] values, int at, float factor) {
    FloatVector.fromArray(SPECIES, values, at).mul(factor).intoArray(values, at);
  }

  /** Squares of distances from the mean at {@code to}; their sum goes behind it. */
  private static void rowSquares(float[] in, int from, int rows, int columns, float[] out, int to) {
    Arrays.fill(out, to + LANES, to + LANES + LENGTH, 0f);
    for (int y = 0; y < rows; y++) {
      addRowSquares(in, from + y * columns * LANES, columns, out, to);
    }
  }

  private static void addRowSquares(float[] in, int from, int columns, float[] out, int to) {
    FloatVector mean = FloatVector.fromArray(SPECIES, out, to);
    FloatVector sum = FloatVector.broadcast(SPECIES, 0f);
    for (int x = 0; x < columns; x++) {
      FloatVector difference = FloatVector.fromArray(SPECIES, in, from + x * LANES).sub(mean);
      sum = difference.fma(difference, sum);
    }
    FloatVector.fromArray(SPECIES, out, to + LANES).add(sum).intoArray(out, to + LANES);
  }

  private static void reciprocalRoot(float[] values, int at, float share, float epsilon) {
    FloatVector root = FloatVector.fromArray(SPECIES, values, at).mul(share).add(epsilon).sqrt();
    FloatVector.broadcast(SPECIES, 1f).div(root).intoArray(values, at);
  }

  private static void normalizedTile(
      float[] in,
      int from,
      int columns,
      float[] statistics,
      int at,
      float[] parameters,
      int weight,
      int step,
      int weights,
      float[] out,
      int to) {
    FloatVector mean = FloatVector.fromArray(SPECIES, statistics, at);
    FloatVector scale = FloatVector.fromArray(SPECIES, statistics, at + LANES);
    for (int x = 0; x < columns; x++) {
      int w = weight + x * step;
      FloatVector.fromArray(SPECIES, in, from + x * LANES)
          .sub(mean)
          .mul(scale)
          .fma(
              FloatVector.broadcast(SPECIES, parameters[w]),
              FloatVector.broadcast(SPECIES, parameters[w + weights]))
          .intoArray(out, to + x * LANES);
    }
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
    float share = 1f / shape.groupSize();
    int row = shape.columns() * LANES;
    float[] sums = exponentials;
    for (int group = 0; group < shape.groups(); group++) {
      int first = group * shape.groupRows();
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int at = statistics.start() + 2 * group * LANES + lane;
        Arrays.fill(sums, 0, 2 * LANES, 0f);
        for (int y = first; y < first + shape.groupRows(); y++) {
          addProductsOfRow(
              in.values(),
              in.start() + y * row + lane,
              shape.columns(),
              statistics.values(),
              at,
              parameters,
              weights + shape.weight(y),
              shape.weightStep(),
              outGradient.values(),
              outGradient.start() + y * row + lane,
              sums);
        }
        for (int y = first; y < first + shape.groupRows(); y++) {
          inputGradientTile(
              in.values(),
              in.start() + y * row + lane,
              shape.columns(),
              statistics.values(),
              at,
              parameters,
              weights + shape.weight(y),
              shape.weightStep(),
              outGradient.values(),
              outGradient.start() + y * row + lane,
              sums,
              share,
              inGradient.values(),
              inGradient.start() + y * row + lane);
        }
      }
    }
  }

  private static void addProductsOfRow(
      float[] in,
      int from,
      int columns,
      float[] statistics,
      int at,
      float[] parameters,
      int weight,
      int step,
      float[] errors,
      int error,
      float[] sums) {
    FloatVector mean = FloatVector.fromArray(SPECIES, statistics, at);
    FloatVector scale = FloatVector.fromArray(SPECIES, statistics, at + LANES);
    FloatVector sum = FloatVector.broadcast(SPECIES, 0f);
    FloatVector products = FloatVector.broadcast(SPECIES, 0f);
    for (int x = 0; x < columns; x++) {
      FloatVector g =
          FloatVector.fromArray(SPECIES, errors, error + x * LANES)
              .mul(parameters[weight + x * step]);
      sum = sum.add(g);
      FloatVector normal =
          FloatVector.fromArray(SPECIES, in, from + x * LANES).sub(mean).mul(scale);
      products = g.fma(normal, products);
    }
    FloatVector.fromArray(SPECIES, sums, 0).add(sum).intoArray(sums, 0);
    FloatVector.fromArray(SPECIES, sums, LANES).add(products).intoArray(sums, LANES);
  }

  private static void inputGradientTile(
      float[] in,
      int from,
      int columns,
      float[] statistics,
      int at,
      float[] parameters,
      int weight,
      int step,
      float[] errors,
      int error,
      float[] sums,
      float share,
      float[] out,
      int to) {
    FloatVector mean = FloatVector.fromArray(SPECIES, statistics, at);
    FloatVector scale = FloatVector.fromArray(SPECIES, statistics, at + LANES);
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, 0);
    FloatVector products = FloatVector.fromArray(SPECIES, sums, LANES);
    for (int x = 0; x < columns; x++) {
      FloatVector g =
          FloatVector.fromArray(SPECIES, errors, error + x * LANES)
              .mul(parameters[weight + x * step]);
      FloatVector normal =
          FloatVector.fromArray(SPECIES, in, from + x * LANES).sub(mean).mul(scale);
      g.sub(normal.fma(products, sum).mul(share)).mul(scale).intoArray(out, to + x * LANES);
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
    reserveGradients(2 * size);
    Arrays.fill(gradients, 0, 2 * size, 0f);
    int row = shape.columns() * LANES;
    for (int y = 0; y < shape.channels() * shape.rows(); y++) {
      int to = shape.weight(y) * LANES;
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        weightGradientTile(
            in.values(),
            in.start() + y * row + lane,
            shape.columns(),
            statistics.values(),
            statistics.start() + 2 * (y / shape.groupRows()) * LANES + lane,
            outGradient.values(),
            outGradient.start() + y * row + lane,
            gradients,
            to + lane,
            shape.weightStep() * LANES,
            size);
      }
    }
    return addTile(gradients, 0, 2 * shape.weights(), sum, weights, limit);
  }

  /** What a step of 0 brings together is summed, and added to what is there. */
  private static void weightGradientTile(
      float[] in,
      int from,
      int columns,
      float[] statistics,
      int at,
      float[] errors,
      int error,
      float[] out,
      int to,
      int step,
      int size) {
    FloatVector mean = FloatVector.fromArray(SPECIES, statistics, at);
    FloatVector scale = FloatVector.fromArray(SPECIES, statistics, at + LANES);
    FloatVector products = FloatVector.broadcast(SPECIES, 0f);
    FloatVector sum = FloatVector.broadcast(SPECIES, 0f);
    for (int x = 0; x < columns; x++) {
      FloatVector g = FloatVector.fromArray(SPECIES, errors, error + x * LANES);
      FloatVector normal =
          FloatVector.fromArray(SPECIES, in, from + x * LANES).sub(mean).mul(scale);
      if (step > 0) {
        g.mul(normal).intoArray(out, to + x * step);
        g.intoArray(out, to + x * step + size);
      }
      products = g.fma(normal, products);
      sum = sum.add(g);
    }
    if (step == 0) {
      FloatVector.fromArray(SPECIES, out, to).add(products).intoArray(out, to);
      FloatVector.fromArray(SPECIES, out, to + size).add(sum).intoArray(out, to + size);
    }
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
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      squaredErrorTile(
          out.values(),
          out.start() + lane,
          units,
          targets.values(),
          targets.start() + lane,
          weights,
          gradient.values(),
          gradient.start() + lane,
          loss,
          lane);
    }
    empty(lanes, units, gradient, loss);
  }

  private static void squaredErrorTile(
      float[] in,
      int from,
      int units,
      float[] targets,
      int target,
      float[] weights,
      float[] out,
      int to,
      float[] loss,
      int at) {
    FloatVector sum = FloatVector.broadcast(SPECIES, 0f);
    for (int i = 0; i < units; i++) {
      FloatVector t = FloatVector.fromArray(SPECIES, targets, target + i * LANES);
      FloatVector difference = FloatVector.fromArray(SPECIES, in, from + i * LANES).sub(t);
      FloatVector weighted = difference.mul(weights[i]);
      weighted.intoArray(out, to + i * LANES);
      sum = weighted.fma(difference, sum);
    }
    sum.mul(0.5f).intoArray(loss, at);
  }

  /** Takes gradient and loss from lanes without a sample. */
  private static void empty(int lanes, int units, Lanes gradient, float[] loss) {
    Arrays.fill(loss, lanes, LANES, 0f);
    for (int i = 0; i < units && lanes < LANES; i++) {
      int at = gradient.start() + i * LANES;
      Arrays.fill(gradient.values(), at + lanes, at + LANES, 0f);
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
    float[] array = gradient.values();
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      int from = out.start() + lane;
      int to = gradient.start() + lane;
      largestTile(out.values(), from, units, largestOutputs, lane);
      lessTile(out.values(), from, units, largestOutputs, lane, array, to);
      sumTile(array, to, units, distances, lane);
      labelTile(
          out.values(), from, units, targets.values(), targets.start() + lane, labelOutputs, lane);
    }
    exponentials(array, gradient.start(), units * LANES);
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      int to = gradient.start() + lane;
      sumTile(array, to, units, sums, lane);
      errorTile(
          array,
          to,
          units,
          sums,
          lane,
          targets.values(),
          targets.start() + lane,
          everywhere,
          everywhere + label);
    }
    for (int lane = 0; lane < lanes; lane++) {
      double distance = smoothing > 0 ? distances[lane] : 0;
      double margin =
          label * ((double) labelOutputs[lane] - largestOutputs[lane]) + everywhere * distance;
      loss[lane] = (float) (StrictMath.log(sums[lane]) - margin);
    }
    empty(lanes, units, gradient, loss);
  }

  private static void sumTile(float[] in, int from, int units, float[] out, int to) {
    FloatVector sum = FloatVector.broadcast(SPECIES, 0f);
    for (int i = 0; i < units; i++) {
      sum = sum.add(FloatVector.fromArray(SPECIES, in, from + i * LANES));
    }
    sum.intoArray(out, to);
  }

  /** The output of each lane's label. */
  private static void labelTile(
      float[] in, int from, int units, float[] targets, int target, float[] out, int to) {
    FloatVector label = FloatVector.broadcast(SPECIES, 0f);
    for (int i = 0; i < units; i++) {
      FloatVector t = FloatVector.fromArray(SPECIES, targets, target + i * LANES);
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i * LANES);
      label = label.blend(x, t.compare(VectorOperators.GT, 0f));
    }
    label.intoArray(out, to);
  }

  /** Exponentials become shares, less the smoothed targets. */
  private static void errorTile(
      float[] values,
      int from,
      int units,
      float[] sums,
      int at,
      float[] targets,
      int target,
      float other,
      float labelled) {
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, at);
    for (int i = 0; i < units * LANES; i += LANES) {
      FloatVector t = FloatVector.fromArray(SPECIES, targets, target + i);
      FloatVector smoothed =
          FloatVector.broadcast(SPECIES, other).blend(labelled, t.compare(VectorOperators.GT, 0f));
      FloatVector.fromArray(SPECIES, values, from + i)
          .div(sum)
          .sub(smoothed)
          .intoArray(values, from + i);
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
    sigmoidForward(out, units, gradient);
    Arrays.fill(loss, 0f);
    for (int done = 0; done < units; done += CHUNK / LANES) {
      int count = Math.min(CHUNK / LANES, units - done);
      int from = out.start() + done * LANES;
      negativeMagnitudes(out.values(), from, count * LANES, exponentials);
      exponentials(exponentials, 0, count * LANES);
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int target = targets.start() + done * LANES + lane;
        logisticLossTile(
            out.values(),
            from + lane,
            count,
            exponentials,
            targets.values(),
            target,
            weights,
            done,
            loss,
            lane);
        logisticErrorTile(
            gradient.values(),
            gradient.start() + done * LANES + lane,
            count,
            targets.values(),
            target,
            weights,
            done);
      }
    }
    empty(lanes, units, gradient, loss);
  }

  private static void negativeMagnitudes(float[] in, int from, int count, float[] out) {
    for (int i = 0; i < count; i += LENGTH) {
      FloatVector.fromArray(SPECIES, in, from + i).abs().neg().intoArray(out, i);
    }
  }

  /** {@link FloatMath#softplus}, given the exponentials, of each output against its target. */
  private static void logisticLossTile(
      float[] in,
      int from,
      int units,
      float[] exponentials,
      float[] targets,
      int target,
      float[] weights,
      int weight,
      float[] loss,
      int lane) {
    FloatVector sum = FloatVector.fromArray(SPECIES, loss, lane);
    for (int i = 0; i < units; i++) {
      FloatVector e = FloatVector.fromArray(SPECIES, exponentials, i * LANES + lane);
      FloatVector z = e.div(e.add(2f));
      FloatVector w = z.mul(z);
      FloatVector p =
          w.fma(
              FloatVector.broadcast(SPECIES, FloatMath.L6),
              FloatVector.broadcast(SPECIES, FloatMath.L5));
      p = p.fma(w, FloatVector.broadcast(SPECIES, FloatMath.L4));
      p = p.fma(w, FloatVector.broadcast(SPECIES, FloatMath.L3));
      p = p.fma(w, FloatVector.broadcast(SPECIES, FloatMath.L2));
      p = p.fma(w, FloatVector.broadcast(SPECIES, FloatMath.L1));
      p = p.fma(w, FloatVector.broadcast(SPECIES, 1f));
      FloatVector t = FloatVector.fromArray(SPECIES, targets, target + i * LANES);
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i * LANES);
      x = x.blend(x.neg(), t.compare(VectorOperators.GT, 0f));
      FloatVector above =
          FloatVector.broadcast(SPECIES, 0f).blend(x, x.compare(VectorOperators.GT, 0f));
      FloatVector term = above.add(z.add(z).mul(p));
      sum = term.fma(FloatVector.broadcast(SPECIES, weights[weight + i]), sum);
    }
    sum.intoArray(loss, lane);
  }

  /** Sigmoids become their weighted distances from the targets. */
  private static void logisticErrorTile(
      float[] values,
      int from,
      int units,
      float[] targets,
      int target,
      float[] weights,
      int weight) {
    for (int i = 0; i < units; i++) {
      FloatVector t = FloatVector.fromArray(SPECIES, targets, target + i * LANES);
      FloatVector.fromArray(SPECIES, values, from + i * LANES)
          .sub(t)
          .mul(weights[weight + i])
          .intoArray(values, from + i * LANES);
    }
  }

  @Override
  public void meanPoolingForward(PoolingShape shape, Lanes in, Lanes out) {
    float scale = shape.scale();
    int size = shape.size();
    int step = shape.stride() * LANES;
    int row = shape.width() * LANES;
    int o = out.start();
    for (int y = 0; y < shape.channels() * shape.outHeight(); y++) {
      int from = in.start() + window(shape, y, 0);
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        for (int x = 0; x < shape.outWidth(); x++) {
          int window = from + x * step + lane;
          int to = o + x * LANES + lane;
          blockTile(in.values(), window, row, size, size, 0f, scale, out.values(), to);
        }
      }
      o += shape.outWidth() * LANES;
    }
  }

  private static void blockTile(
      float[] in,
      int from,
      int row,
      int rows,
      int columns,
      float start,
      float scale,
      float[] out,
      int to) {
    FloatVector sum = FloatVector.broadcast(SPECIES, start);
    int at = from;
    int column = 0;
    for (int i = 0; i < rows * columns; i++) {
      sum = sum.add(FloatVector.fromArray(SPECIES, in, at));
      at += LANES;
      if (++column == columns) {
        column = 0;
        at += row - columns * LANES;
      }
    }
    sum.mul(scale).intoArray(out, to);
  }

  @Override
  public void meanPoolingBackward(PoolingShape shape, Lanes outGradient, Lanes inGradient) {
    int map = shape.outHeight() * shape.outWidth() * LANES;
    for (int row = 0; row < shape.channels() * shape.height(); row++) {
      int from = outGradient.start() + row / shape.height() * map;
      int to = inGradient.start() + row * shape.width() * LANES;
      if (shape.stride() < shape.size()) {
        sumRow(shape, row % shape.height(), outGradient.values(), from, inGradient.values(), to);
      } else {
        spreadRow(shape, row % shape.height(), outGradient.values(), from, inGradient.values(), to);
      }
    }
  }

  /** Where windows overlap, each input position belongs to a block of them. */
  private static void sumRow(
      PoolingShape shape, int i, float[] outGradient, int map, float[] inGradient, int to) {
    int y = shape.firstWindow(i);
    int rows = shape.endRow(i) - y;
    int row = shape.outWidth() * LANES;
    for (int j = 0; j < shape.width(); j++) {
      int x = shape.firstWindow(j);
      int columns = shape.endColumn(j) - x;
      // With -0 a sum starts as if with its first term.
      float start = rows * columns > 0 ? -0f : 0f;
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int from = map + y * row + x * LANES + lane;
        int target = to + j * LANES + lane;
        blockTile(outGradient, from, row, rows, columns, start, shape.scale(), inGradient, target);
      }
    }
  }

  /** Where they do not overlap, each input position belongs to one of them, or none. */
  private static void spreadRow(
      PoolingShape shape, int i, float[] outGradient, int map, float[] inGradient, int to) {
    int y = i / shape.stride();
    boolean inWindow = y < shape.outHeight() && i % shape.stride() < shape.size();
    if (!inWindow || shape.outWidth() * shape.size() < shape.width()) {
      Arrays.fill(inGradient, to, to + shape.width() * LANES, 0f);
    }
    int from = map + y * shape.outWidth() * LANES;
    for (int lane = 0; lane < LANES && inWindow; lane += LENGTH) {
      for (int v = 0; v < shape.size(); v++) {
        spreadTile(
            outGradient,
            from + lane,
            shape.outWidth(),
            shape.scale(),
            inGradient,
            to + v * LANES + lane,
            shape.stride() * LANES);
      }
    }
  }

  private static void spreadTile(
      float[] in, int from, int count, float scale, float[] out, int to, int step) {
    for (int i = 0; i < count; i++) {
      FloatVector.fromArray(SPECIES, in, from + i * LANES).mul(scale).intoArray(out, to + i * step);
    }
  }

  @Override
  public void maxPoolingForward(PoolingShape shape, Lanes in, Lanes out) {
    int step = shape.stride() * LANES;
    int row = shape.width() * LANES;
    int o = out.start();
    for (int y = 0; y < shape.channels() * shape.outHeight(); y++) {
      int from = in.start() + window(shape, y, 0);
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        for (int x = 0; x < shape.outWidth(); x++) {
          int to = o + x * LANES + lane;
          maximumTile(in.values(), from + x * step + lane, row, shape.size(), out.values(), to);
        }
      }
      o += shape.outWidth() * LANES;
    }
  }

  private static void maximumTile(float[] in, int from, int row, int size, float[] out, int to) {
    FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    int at = from;
    int column = 0;
    for (int i = 0; i < size * size; i++) {
      max = max.max(FloatVector.fromArray(SPECIES, in, at));
      at += LANES;
      if (++column == size) {
        column = 0;
        at += row - size * LANES;
      }
    }
    max.intoArray(out, to);
  }

  @Override
  public void maxPoolingBackward(
      PoolingShape shape, Lanes in, Lanes outGradient, Lanes inGradient) {
    int map = shape.height() * shape.width() * LANES;
    int distance = inGradient.start() - in.start();
    int row = shape.width() * LANES;
    boolean inQuads = shape.size() == 2 && shape.stride() == 2;
    boolean covered = inQuads && shape.height() % 2 == 0 && shape.width() % 2 == 0;
    int o = outGradient.start();
    for (int y = 0; y < shape.channels() * shape.outHeight(); y++) {
      int from = in.start() + window(shape, y, 0);
      if (y % shape.outHeight() == 0 && !covered) {
        // The whole map, while it is about to be used.
        Arrays.fill(inGradient.values(), from + distance, from + distance + map, 0f);
      }
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        if (inQuads) {
          giveQuads(
              in.values(),
              from + lane,
              row,
              shape.outWidth(),
              outGradient.values(),
              o + lane,
              inGradient.values(),
              distance);
        } else {
          giveRow(shape, in, from + lane, outGradient, o + lane, inGradient);
        }
      }
      o += shape.outWidth() * LANES;
    }
  }

  /** {@link #giveTile} for windows of 2x2 side by side, each of whose places has no other. */
  private static void giveQuads(
      float[] in,
      int from,
      int row,
      int count,
      float[] outGradient,
      int o,
      float[] inGradient,
      int distance) {
    FloatVector zero = FloatVector.broadcast(SPECIES, 0f);
    for (int x = 0; x < count; x++) {
      int at = from + 2 * x * LANES;
      FloatVector a = FloatVector.fromArray(SPECIES, in, at);
      FloatVector b = FloatVector.fromArray(SPECIES, in, at + LANES);
      FloatVector c = FloatVector.fromArray(SPECIES, in, at + row);
      FloatVector d = FloatVector.fromArray(SPECIES, in, at + row + LANES);
      FloatVector max = a.max(b).max(c.max(d));
      // A sum that starts at zero is never -0.
      FloatVector rest = FloatVector.fromArray(SPECIES, outGradient, o + x * LANES).add(zero);
      VectorMask<Float> less = a.compare(VectorOperators.LT, max);
      rest.blend(zero, less).intoArray(inGradient, at + distance);
      rest = zero.blend(rest, less);
      less = b.compare(VectorOperators.LT, max);
      rest.blend(zero, less).intoArray(inGradient, at + distance + LANES);
      rest = zero.blend(rest, less);
      less = c.compare(VectorOperators.LT, max);
      rest.blend(zero, less).intoArray(inGradient, at + distance + row);
      zero.blend(rest, less).intoArray(inGradient, at + distance + row + LANES);
    }
  }

  private static void giveRow(
      PoolingShape shape, Lanes in, int from, Lanes outGradient, int o, Lanes inGradient) {
    int distance = inGradient.start() - in.start();
    int row = shape.width() * LANES;
    for (int x = 0; x < shape.outWidth(); x++) {
      giveTile(
          in.values(),
          from + x * shape.stride() * LANES,
          row,
          shape.size(),
          outGradient.values(),
          o + x * LANES,
          inGradient.values(),
          distance);
    }
  }

  /** Adds a gradient to that of the first position that is not less than the maximum. */
  private static void giveTile(
      float[] in,
      int from,
      int row,
      int size,
      float[] outGradient,
      int o,
      float[] inGradient,
      int distance) {
    FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    int at = from;
    int column = 0;
    for (int i = 0; i < size * size; i++) {
      max = max.max(FloatVector.fromArray(SPECIES, in, at));
      at += LANES;
      if (++column == size) {
        column = 0;
        at += row - size * LANES;
      }
    }
    FloatVector rest = FloatVector.fromArray(SPECIES, outGradient, o);
    FloatVector zero = FloatVector.broadcast(SPECIES, 0f);
    at = from;
    column = 0;
    for (int i = 0; i < size * size; i++) {
      VectorMask<Float> less =
          FloatVector.fromArray(SPECIES, in, at).compare(VectorOperators.LT, max);
      FloatVector given = rest.blend(zero, less);
      // What is given once is not given again.
      rest = zero.blend(rest, less);
      FloatVector.fromArray(SPECIES, inGradient, at + distance)
          .add(given)
          .intoArray(inGradient, at + distance);
      at += LANES;
      if (++column == size) {
        column = 0;
        at += row - size * LANES;
      }
    }
  }

  @Override
  public void globalMeanPoolingForward(Lanes in, int channels, int height, int width, Lanes out) {
    float scale = 1f / (height * width);
    for (int c = 0; c < channels; c++) {
      int from = in.start() + c * height * width * LANES;
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int to = out.start() + c * LANES + lane;
        meanTile(in.values(), from + lane, height, width, scale, out.values(), to);
      }
    }
  }

  private static void meanTile(
      float[] in, int from, int height, int width, float scale, float[] out, int to) {
    FloatVector sum = FloatVector.broadcast(SPECIES, 0f);
    FloatVector row = FloatVector.broadcast(SPECIES, 0f);
    int column = 0;
    for (int i = 0; i < height * width; i++) {
      row = row.add(FloatVector.fromArray(SPECIES, in, from + i * LANES));
      if (++column == width) {
        column = 0;
        sum = sum.add(row);
        row = FloatVector.broadcast(SPECIES, 0f);
      }
    }
    sum.mul(scale).intoArray(out, to);
  }

  @Override
  public void globalMeanPoolingBackward(
      Lanes outGradient, int channels, int height, int width, Lanes inGradient) {
    float scale = 1f / (height * width);
    int area = height * width;
    for (int c = 0; c < channels; c++) {
      int to = inGradient.start() + c * area * LANES;
      for (int lane = 0; lane < LANES; lane += LENGTH) {
        int from = outGradient.start() + c * LANES + lane;
        fillTile(outGradient.values(), from, scale, inGradient.values(), to + lane, area);
      }
    }
  }

  private static void fillTile(float[] in, int from, float scale, float[] out, int to, int count) {
    FloatVector value = FloatVector.fromArray(SPECIES, in, from).mul(scale);
    for (int i = 0; i < count; i++) {
      value.intoArray(out, to + i * LANES);
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
      FloatVector.fromArray(SPECIES, in, from + i * LANES).intoArray(out, to + i * step);
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
    int bias = weights + units * inputs;
    turn(in.values(), in.start(), inputs);
    return products(inputs, outGradient, 0, units, sum, weights, bias, limit);
  }

  /**
   * Puts inputs side by side, as many as go into a vector: first those of lane 0, then of lane 1,
   * and so on. A vector then sums up the lanes of as many weights without any sum across it. Notes
   * the largest input of each lane.
   */
  private void turn(float[] in, int start, int inputs) {
    int length = (inputs + LENGTH - 1) / LENGTH * LENGTH;
    // With what is read behind the last one.
    if (turned.length < length * LANES + LENGTH) {
      turned = new float[length * LANES + LENGTH];
      products = new long[length];
    }
    largestMagnitudes(in, start, inputs, largestInputs);
    for (int j = 0; j < length; j += LENGTH) {
      int count = Math.min(LENGTH, inputs - j);
      for (int lane = 0; lane < LANES; lane++) {
        int to = j * LANES + lane * LENGTH;
        for (int i = 0; i < count; i++) {
          turned[to + i] = in[start + (j + i) * LANES + lane];
        }
        Arrays.fill(turned, to + count, to + LENGTH, 0f);
      }
    }
  }

  /**
   * Adds the products of the turned inputs with gradients to the sum, and the gradients themselves.
   *
   * @param first of the gradients
   */
  private boolean products(
      int inputs,
      Lanes outGradient,
      int first,
      int units,
      long[] sum,
      int weights,
      int bias,
      float limit) {
    float[] errors = outGradient.values();
    int from = outGradient.start() + first * LANES;
    for (int i = 0; i < units; i++) {
      int count = findErrors(errors, from + i * LANES);
      for (int j = 0; j < inputs && count > 0; j += LENGTH) {
        productsTile(factors, places, count, turned, j * LANES, products, j);
      }
      if (count > 0) {
        addAll(products, inputs, count * ROUNDER_BITS, sum, weights + i * inputs);
      }
    }
    // The largest product is that of the largest factors, since rounding keeps the order.
    largestMagnitudes(errors, from, units, largestErrors);
    boolean inRange = true;
    for (int lane = 0; lane < LANES; lane++) {
      inRange &= FixedPoint.inRange(largestInputs[lane] * largestErrors[lane], limit);
    }
    reserveGradients(units * LANES);
    System.arraycopy(errors, from, gradients, 0, units * LANES);
    return inRange & addTile(gradients, 0, units, sum, bias, limit);
  }

  /**
   * Gathers the errors that are not zero, and where the inputs of their lanes are: behind a
   * rectifier or dropout the others are the most, and all their products are zero.
   */
  private int findErrors(float[] errors, int from) {
    int count = 0;
    for (int lane = 0; lane < LANES; lane++) {
      factors[count] = errors[from + lane];
      places[count] = lane * LENGTH;
      count += errors[from + lane] != 0 ? 1 : 0;
    }
    return count;
  }

  /** The sums over some lanes of products that are rounded as {@link #roundTile} rounds them. */
  private static void productsTile(
      float[] factors, int[] places, int count, float[] turned, int from, long[] out, int to) {
    DoubleVector scale = DoubleVector.broadcast(DOUBLES, FixedPoint.SCALE);
    DoubleVector rounder = DoubleVector.broadcast(DOUBLES, FixedPoint.ROUNDER);
    LongVector lowSum = LongVector.broadcast(LONGS, 0);
    LongVector highSum = LongVector.broadcast(LONGS, 0);
    for (int i = 0; i < count; i++) {
      int at = from + places[i];
      FloatVector factor = FloatVector.broadcast(SPECIES, factors[i]);
      FloatVector values = FloatVector.fromArray(SPECIES, turned, at).mul(factor);
      FloatVector upper = FloatVector.fromArray(SPECIES, turned, at + LENGTH / 2).mul(factor);
      DoubleVector low = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector high = (DoubleVector) upper.convertShape(VectorOperators.F2D, DOUBLES, 0);
      lowSum = lowSum.add(scale.fma(low, rounder).reinterpretAsLongs());
      highSum = highSum.add(scale.fma(high, rounder).reinterpretAsLongs());
    }
    lowSum.intoArray(out, to);
    highSum.intoArray(out, to + LENGTH / 2);
  }

  private static void addAll(long[] products, int count, long excess, long[] sum, int to) {
    for (int i = 0; i < count; i++) {
      sum[to + i] += products[i] - excess;
    }
  }

  /** The largest magnitude in each lane; what is no number counts as larger than all. */
  private static void largestMagnitudes(float[] in, int from, int count, float[] out) {
    for (int lane = 0; lane < LANES; lane += LENGTH) {
      magnitudeTile(in, from + lane, count, out, lane);
    }
  }

  private static void magnitudeTile(float[] in, int from, int count, float[] out, int to) {
    IntVector largest = IntVector.broadcast(INTS, 0);
    for (int i = 0; i < count; i++) {
      FloatVector x = FloatVector.fromArray(SPECIES, in, from + i * LANES);
      largest = largest.max(x.reinterpretAsInts().and(Integer.MAX_VALUE));
    }
    largest.reinterpretAsFloats().intoArray(out, to);
  }
}
