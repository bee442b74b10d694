package io.gradcast.engine.train;

import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.tensor.GradientSum;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Trains in one JVM, on any number of threads with the same result: the reference that every
 * distributed training must equal, byte for byte.
 */
public final class LocalTrainer implements AutoCloseable {

  private final Network network;
  private final TrainingConfig config;
  private final Samples train;
  private final Samples test;
  private final Gang gang;
  private final Workspace[] workspaces;

  /**
   * @param train with ids 0 to count - 1
   * @param threads from 1
   */
  public LocalTrainer(
      Network network, TrainingConfig config, Samples train, Samples test, int threads) {
    train.requireFit(network.input(), network.classes(), "training data");
    test.requireFit(network.input(), network.classes(), "test data");
    this.network = network;
    this.config = config;
    this.train = train;
    this.test = test;
    gang = new Gang(threads);
    workspaces = new Workspace[threads];
    Arrays.setAll(workspaces, i -> new Workspace(network, Kernels.best()));
  }

  /** Trains from the initial parameters of the seed. */
  public TrainingResult train(TrainingListener listener) {
    return new TrainingLoop(network, config, new InMemory(), this::evaluate, listener).run();
  }

  /** Evaluates parameters on the test data. */
  public Evaluation evaluate(float[] parameters) {
    Evaluation[] parts = new Evaluation[gang.size()];
    Arrays.setAll(parts, i -> new Evaluation(network.classes()));
    int[] rows = IntStream.range(0, test.count()).toArray();
    gang.run(
        part ->
            network.evaluate(
                test,
                rows,
                share(0, rows.length, part),
                share(0, rows.length, part + 1),
                parameters,
                workspaces[part],
                parts[part]));
    Evaluation all = new Evaluation(network.classes());
    for (Evaluation part : parts) {
      all.add(part);
    }
    return all;
  }

  /** Where a thread's share of a range of rows starts: whole groups of lanes, evenly. */
  private int share(int from, int to, int part) {
    long groups = ((long) to - from + Kernels.LANES - 1) / Kernels.LANES;
    long first = groups * part / gang.size();
    return (int) Math.min(to, from + first * Kernels.LANES);
  }

  @Override
  public void close() {
    gang.close();
  }

  /** The exchange of one JVM: threads share out a minibatch and their sums are added. */
  private final class InMemory implements Exchange {

    private final EpochRows rows =
        new EpochRows(train, config.seed(), train.count(), config.batchSize());
    private final GradientSum[] parts = new GradientSum[gang.size()];
    private final IntConsumer work = this::compute;
    private int from;
    private int to;
    private float[] parameters;

    InMemory() {
      Arrays.setAll(parts, i -> new GradientSum());
    }

    @Override
    public long sampleCount() {
      return train.count();
    }

    @Override
    public int parallelism() {
      return gang.size();
    }

    @Override
    public void gradient(int epoch, int minibatch, float[] current, GradientSum sum) {
      rows.begin(epoch);
      from = rows.start(minibatch);
      to = rows.start(minibatch + 1);
      parameters = current;
      gang.run(work);
      for (GradientSum part : parts) {
        sum.add(part);
      }
    }

    private void compute(int part) {
      long start = System.nanoTime();
      GradientSum sum = parts[part];
      sum.clear();
      network.gradient(
          train,
          rows.rows(),
          share(from, to, part),
          share(from, to, part + 1),
          parameters,
          config.batchSize(),
          workspaces[part],
          sum);
      sum.addBusyNanos(System.nanoTime() - start);
    }
  }
}
