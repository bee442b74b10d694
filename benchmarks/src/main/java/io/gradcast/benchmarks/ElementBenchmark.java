package io.gradcast.benchmarks;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.kernel.PoolingShape;
import java.util.Arrays;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** All other kernels, on a group of 16 samples, in the sizes of the base network. */
@State(Scope.Thread)
public class ElementBenchmark {

  private static final int PIXELS = 784;
  private static final int MAPS = 6;
  private static final int SIDE = 24;
  private static final int INPUTS = 192;
  private static final int UNITS = 10;

  private final Kernels kernels = Kernels.best();
  private final PoolingShape pooling = new PoolingShape(MAPS, SIDE, SIDE, 2, 2);
  private final Lanes.Arena arena = new Lanes.Arena();
  private final Random random = new Random(1);
  private final Lanes maps = values(MAPS * SIDE * SIDE);
  private final Lanes mapGradients = values(MAPS * SIDE * SIDE);
  private final Lanes pooled = values(MAPS * SIDE * SIDE / 4);
  private final Lanes features = values(INPUTS);
  private final Lanes scanned = values(INPUTS);
  private final Lanes outputs = values(UNITS);
  private final Lanes errors = values(UNITS);
  private final float[] parameters = new float[UNITS * (INPUTS + 1)];
  private final long[] sum = new long[UNITS * (INPUTS + 1)];
  private final byte[] pixels = new byte[PIXELS * Kernels.LANES];
  private final int[] starts = new int[Kernels.LANES];
  private final Lanes targets = arena.take(UNITS);
  private final float[] weights = new float[UNITS];
  private final float[] losses = new float[Kernels.LANES];

  private Lanes values(int elements) {
    return ConvolutionBenchmark.random(arena, elements, random);
  }

  @Setup
  public void fill() {
    random.nextBytes(pixels);
    for (int lane = 0; lane < Kernels.LANES; lane++) {
      starts[lane] = lane * PIXELS;
      targets.set(lane % UNITS, lane, 1);
    }
    Arrays.fill(weights, 1);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = random.nextFloat() - 0.5f;
    }
  }

  @Benchmark
  public void unpack() {
    kernels.unpack(pixels, starts, PIXELS, maps);
  }

  @Benchmark
  public void sigmoidForward() {
    kernels.sigmoidForward(maps, MAPS * SIDE * SIDE, maps);
  }

  @Benchmark
  public void sigmoidBackward() {
    kernels.sigmoidBackward(maps, MAPS * SIDE * SIDE, mapGradients, mapGradients);
  }

  @Benchmark
  public void meanPoolingForward() {
    kernels.meanPoolingForward(pooling, maps, pooled);
  }

  @Benchmark
  public void meanPoolingBackward() {
    kernels.meanPoolingBackward(pooling, pooled, mapGradients);
  }

  @Benchmark
  public void maxPoolingForward() {
    kernels.maxPoolingForward(pooling, maps, pooled);
  }

  @Benchmark
  public void maxPoolingBackward() {
    kernels.maxPoolingBackward(pooling, maps, pooled, mapGradients);
  }

  @Benchmark
  public void globalMeanPoolingForward() {
    kernels.globalMeanPoolingForward(maps, MAPS, SIDE, SIDE, outputs);
  }

  @Benchmark
  public void globalMeanPoolingBackward() {
    kernels.globalMeanPoolingBackward(outputs, MAPS, SIDE, SIDE, mapGradients);
  }

  @Benchmark
  public void columnScan() {
    kernels.columnScan(features, 12, 4, 4, scanned);
  }

  @Benchmark
  public void denseForward() {
    kernels.denseForward(features, INPUTS, parameters, 0, UNITS, outputs);
  }

  @Benchmark
  public void denseInputGradient() {
    kernels.denseInputGradient(errors, INPUTS, parameters, 0, UNITS, scanned);
  }

  @Benchmark
  public boolean denseWeightGradient() {
    return kernels.denseWeightGradient(features, INPUTS, errors, UNITS, sum, 0, 2048f);
  }

  @Benchmark
  public void squaredError() {
    kernels.squaredError(outputs, UNITS, targets, weights, Kernels.LANES, errors, losses);
  }

  @Benchmark
  public void softmaxCrossEntropy() {
    kernels.softmaxCrossEntropy(outputs, UNITS, targets, Kernels.LANES, 0.1f, errors, losses);
  }

  @Benchmark
  public void binaryCrossEntropy() {
    kernels.binaryCrossEntropy(outputs, UNITS, targets, weights, Kernels.LANES, errors, losses);
  }

  @Benchmark
  public void softmaxBackward() {
    kernels.softmaxBackward(outputs, UNITS, errors, errors);
  }
}
