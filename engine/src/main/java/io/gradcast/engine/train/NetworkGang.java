package io.gradcast.engine.train;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.tensor.GradientSum;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Threads of one JVM that compute the gradients of a range of samples together, each with memory of
 * its own: whole groups of lanes are shared out evenly, and the sums are added. The caller adds to
 * the sum that it wants: of a large network there may be no room for another.
 */
public final class NetworkGang implements AutoCloseable {

  private final Network network;
  private final Gang gang;
  private final Workspace[] workspaces;

  /** One for each thread but the caller's. */
  private final GradientSum[] sums;

  private final IntConsumer work = this::compute;

  // The range that is being computed.
  private Samples samples;
  private int[] rows;
  private int from;
  private int to;
  private float[] parameters;
  private Recipe recipe;
  private int epoch;
  private GradientSum whole;

  /**
   * @param threads in all, the caller's included; from 1
   */
  public NetworkGang(Network network, int threads) {
    this.network = network;
    gang = new Gang(threads);
    workspaces = new Workspace[threads];
    Arrays.setAll(workspaces, i -> new Workspace(network, Kernels.best()));
    sums = new GradientSum[threads - 1];
    Arrays.setAll(sums, i -> new GradientSum());
  }

  /** Threads in all. */
  public int size() {
    return gang.size();
  }

  /** Adds the exact gradient sum of some samples; arguments as for {@link Network#gradient}. */
  public void gradient(
      Samples newSamples,
      int[] newRows,
      int newFrom,
      int newTo,
      float[] newParameters,
      Recipe newRecipe,
      int newEpoch,
      GradientSum sum) {
    samples = newSamples;
    rows = newRows;
    from = newFrom;
    to = newTo;
    parameters = newParameters;
    recipe = newRecipe;
    epoch = newEpoch;
    whole = sum;
    gang.run(work);
    for (GradientSum part : sums) {
      sum.add(part);
    }
    // Threads that wait for their next task keep no arrays of the last one.
    parameters = null;
    whole = null;
  }

  private void compute(int part) {
    long start = System.nanoTime();
    GradientSum sum = part == 0 ? whole : sums[part - 1];
    if (part > 0) {
      sum.clear();
    }
    network.gradient(
        samples,
        rows,
        share(from, to, part),
        share(from, to, part + 1),
        parameters,
        recipe,
        epoch,
        workspaces[part],
        sum);
    sum.addBusyNanos(System.nanoTime() - start);
  }

  /** Evaluates parameters on all of some samples. */
  public Evaluation evaluate(Samples all, float[] current) {
    Evaluation[] parts = new Evaluation[gang.size()];
    Arrays.setAll(parts, i -> network.newEvaluation());
    shareOut(
        all,
        (rows, first, end, part) ->
            network.evaluate(all, rows, first, end, current, workspaces[part], parts[part]));
    Evaluation evaluation = network.newEvaluation();
    for (Evaluation part : parts) {
      evaluation.add(part);
    }
    return evaluation;
  }

  /** Examines the predictions of parameters for all of some samples. */
  public Examination examine(Samples all, float[] current) {
    Examination[] parts = new Examination[gang.size()];
    Arrays.setAll(parts, i -> network.newExamination());
    shareOut(
        all,
        (rows, first, end, part) ->
            network.examine(all, rows, first, end, current, workspaces[part], parts[part]));
    Examination examination = network.newExamination();
    for (Examination part : parts) {
      examination.add(part);
    }
    return examination;
  }

  /** What one thread does with its share of the rows. */
  private interface Share {
    void compute(int[] rows, int first, int end, int part);
  }

  private void shareOut(Samples all, Share share) {
    int[] allRows = IntStream.range(0, all.count()).toArray();
    gang.run(
        part ->
            share.compute(
                allRows, share(0, allRows.length, part), share(0, allRows.length, part + 1), part));
  }

  /** Where a thread's share of a range of rows starts. */
  private int share(int first, int end, int part) {
    long groups = ((long) end - first + Kernels.LANES - 1) / Kernels.LANES;
    long before = groups * part / gang.size();
    return (int) Math.min(end, first + before * Kernels.LANES);
  }

  @Override
  public void close() {
    gang.close();
  }
}
