package io.gradcast.spark.shard;

import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Holder;
import io.gradcast.engine.train.ShardedGradient;

/** The element of a partition: samples which know their places in an epoch. */
public final class Shard {

  private final Holder samples;

  // Of the last epoch that was asked for; never shipped.
  private Task task;
  private EpochRows rows;

  public Shard(Holder samples) {
    this.samples = samples;
  }

  public Holder samples() {
    return samples;
  }

  /**
   * Adds the gradients of the samples here that belong to a minibatch. One thread at a time: a
   * speculative copy of a task may meet the first on the same shard.
   */
  public synchronized void gradient(
      Task newTask, int epoch, int minibatch, ShardedGradient gradient) {
    if (!newTask.equals(task)) {
      rows = newTask.rows(samples);
      task = newTask;
    }
    rows.begin(epoch);
    gradient.add(samples, rows.rows(), rows.start(minibatch), rows.start(minibatch + 1));
  }
}
