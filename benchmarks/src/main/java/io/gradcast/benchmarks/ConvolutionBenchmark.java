package io.gradcast.benchmarks;

import io.gradcast.engine.kernel.ConvolutionShape;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.kernel.Padding;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The three kernels of a convolution, on a group of 16 samples. */
@State(Scope.Thread)
public class ConvolutionBenchmark {

  /**
   * channels x height x width, maps, kernel, padding and, where there are several, groups: the base
   * network's, LeNet-5's, a VGG-like network's for 32x32x3, depthwise ones, and some larger ones.
   */
  @Param({
    "1x28x28 6 5 0",
    "6x12x12 12 5 0",
    "1x28x28 6 5 2",
    "6x14x14 16 5 0",
    "16x5x5 120 5 0",
    "3x32x32 32 3 1",
    "32x32x32 32 3 1",
    "32x16x16 64 3 1",
    "64x16x16 64 3 1",
    "64x8x8 128 3 1",
    "128x8x8 128 3 1",
    "32x32x32 32 3 1 32",
    "128x8x8 128 3 1 128",
    "64x32x32 64 3 1",
    "16x28x28 16 5 2",
    "32x28x28 32 5 2",
    "64x28x28 64 5 2"
  })
  public String sizes;

  private final Kernels kernels = Kernels.best();
  private ConvolutionShape shape;
  private Lanes in;
  private Lanes out;
  private Lanes outGradient;
  private Lanes inGradient;
  private float[] parameters;
  private long[] sum;

  static ConvolutionShape shape(String sizes) {
    String[] parts = sizes.split("[x ]");
    int[] n = new int[parts.length];
    for (int i = 0; i < n.length; i++) {
      n[i] = Integer.parseInt(parts[i]);
    }
    return new ConvolutionShape(
        n[0],
        n[1],
        n[2],
        n[3],
        n[4],
        n[4],
        /* stride= */ 1,
        Padding.of(n[5], n[5]),
        n.length > 6 ? n[6] : 1);
  }

  /** Multiplications and additions for a sample, those with a padding's zeros left out. */
  static double flops(ConvolutionShape shape) {
    int top = shape.padding().top();
    int left = shape.padding().left();
    long rows = meetings(shape.outHeight(), shape.kernelHeight(), shape.height(), shape, top);
    long columns = meetings(shape.outWidth(), shape.kernelWidth(), shape.width(), shape, left);
    return 2.0 * shape.groupChannels() * shape.maps() * rows * columns;
  }

  private static long meetings(
      int places, int taps, int sources, ConvolutionShape shape, int padding) {
    long count = 0;
    for (int place = 0; place < places; place++) {
      for (int tap = 0; tap < taps; tap++) {
        int source = place * shape.stride() + tap - padding;
        count += source >= 0 && source < sources ? 1 : 0;
      }
    }
    return count;
  }

  @Setup
  public void allocate() {
    shape = shape(sizes);
    Random random = new Random(1);
    Lanes.Arena arena = new Lanes.Arena();
    int inputs = shape.channels() * shape.height() * shape.width();
    int outputs = shape.maps() * shape.outHeight() * shape.outWidth();
    in = random(arena, inputs, random);
    inGradient = random(arena, inputs, random);
    out = random(arena, outputs, random);
    outGradient = random(arena, outputs, random);
    sum = new long[shape.parameters()];
    parameters = new float[sum.length];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = random.nextFloat() - 0.5f;
    }
  }

  static Lanes random(Lanes.Arena arena, int elements, Random random) {
    Lanes lanes = arena.take(elements);
    for (int i = 0; i < elements * Kernels.LANES; i++) {
      lanes.set(i / Kernels.LANES, i % Kernels.LANES, random.nextFloat());
    }
    return lanes;
  }

  @Benchmark
  public void forward(FmaPeak peak) {
    kernels.convolutionForward(shape, in, parameters, 0, out);
  }

  @Benchmark
  public void inputGradient(FmaPeak peak) {
    kernels.convolutionInputGradient(shape, outGradient, parameters, 0, inGradient);
  }

  @Benchmark
  public boolean weightGradient(FmaPeak peak) {
    return kernels.convolutionWeightGradient(shape, in, outGradient, sum, 0, 2048f);
  }
}
