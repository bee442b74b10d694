package io.gradcast.spark.shard;

import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.tensor.GradientSum;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one element of a partition: its samples, packed, and beside them the memory for computing on
 * them, which is made on first use and never shipped. While Spark keeps the shard in memory, no
 * iteration allocates it again.
 */
public final class Shard {

  private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

  static {
    // Once for each executor, where Spark's own log goes.
    String kernels = Kernels.best().description();
    if (kernels.equals("scalar")) {
      LOG.warn(
          "Kernels: scalar. Vectors are several times faster: start the JVM with --add-modules"
              + " jdk.incubator.vector (spark.executor.extraJavaOptions), as Spark's launchers do");
    } else {
      LOG.info("Kernels: {}", kernels);
    }
  }

  private final Samples samples;

  private String networkText;
  private Network network;
  private Workspace workspace;
  private Task task;
  private EpochRows rows;

  public Shard(Samples samples) {
    this.samples = samples;
  }

  public Samples samples() {
    return samples;
  }

  /**
   * Adds the exact gradient sum of the samples here that belong to a minibatch. One thread at a
   * time: a speculative copy of a task may meet the first on the same shard.
   */
  public synchronized void gradient(
      Task newTask, int epoch, int minibatch, float[] parameters, GradientSum sum) {
    long start = System.nanoTime();
    use(newTask.network());
    if (!newTask.equals(task)) {
      rows = new EpochRows(samples, newTask.seed(), newTask.sampleCount(), newTask.batchSize());
      task = newTask;
    }
    rows.begin(epoch);
    network.gradient(
        samples,
        rows.rows(),
        rows.start(minibatch),
        rows.start(minibatch + 1),
        parameters,
        newTask.batchSize(),
        workspace,
        sum);
    sum.addBusyNanos(System.nanoTime() - start);
  }

  /** Adds the evaluation of all samples here. */
  public synchronized void evaluate(String text, float[] parameters, Evaluation evaluation) {
    use(text);
    int[] all = IntStream.range(0, samples.count()).toArray();
    network.evaluate(samples, all, 0, all.length, parameters, workspace, evaluation);
  }

  private void use(String text) {
    if (!text.equals(networkText)) {
      network = new Network(NetworkSpec.parseJson(text, "the network of this job"));
      workspace = new Workspace(network, Kernels.best());
      networkText = text;
    }
  }
}
