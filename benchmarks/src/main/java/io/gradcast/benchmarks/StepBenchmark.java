package io.gradcast.benchmarks;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.Sgd;
import io.gradcast.engine.optim.Updater;
import io.gradcast.engine.tensor.GradientSum;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A whole training step on one thread: gradients of a minibatch, and the update. */
@State(Scope.Thread)
public class StepBenchmark {

  private static final int SAMPLES = 4096;

  @Param({"zhang", "zhang-wide", "zhang-deep"})
  public String network;

  @Param({"50", "512"})
  public int batchSize;

  private final GradientSum sum = new GradientSum();
  private final int[] rows = IntStream.range(0, SAMPLES).toArray();
  private Network net;
  private Recipe recipe;
  private Workspace workspace;
  private Samples samples;
  private float[] parameters;
  private Updater updater;
  private int first;

  @Setup
  public void allocate() {
    net = new Network(NetworkSpec.named(network));
    recipe = new Recipe(1, batchSize);
    workspace = new Workspace(net, Kernels.best());
    parameters = net.initialParameters(1);
    updater = new Updater(new Sgd(), Clipping.NONE, parameters, Map.of(), 1);
    Random random = new Random(1);
    byte[] pixels = new byte[SAMPLES * net.input().size()];
    random.nextBytes(pixels);
    int[] labels = random.ints(SAMPLES, 0, net.classes()).toArray();
    long[] ids = IntStream.range(0, SAMPLES).asLongStream().toArray();
    samples = new Samples(net.input(), ids, pixels, labels);
  }

  @Benchmark
  public void step() {
    if (first + batchSize > SAMPLES) {
      first = 0;
    }
    sum.clear();
    int end = first + batchSize;
    net.gradient(samples, rows, first, end, parameters, recipe, 0, workspace, sum);
    updater.begin(sum, 1e-3, 1);
    updater.update(0);
    first = end;
  }
}
