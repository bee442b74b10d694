package io.gradcast.spark.shard;

import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Minibatch;
import io.gradcast.engine.data.Samples;

/** The element of a partition: samples, packed, which know their places in an epoch. */
public final class Shard {

  private final Samples samples;

  // Of the last epoch that was asked for; never shipped.
  private Task task;
  private EpochRows rows;

  public Shard(Samples samples) {
    this.samples = samples;
  }

  public Samples samples() {
    return samples;
  }

  /**
   * Copies the samples here that belong to a minibatch. One thread at a time: a speculative copy of
   * a task may meet the first on the same shard.
   */
  public synchronized void collect(Task newTask, int epoch, int minibatch, Minibatch into) {
    if (!newTask.equals(task)) {
      rows = newTask.rows(samples);
      task = newTask;
    }
    rows.begin(epoch);
    into.add(samples, rows.rows(), rows.start(minibatch), rows.start(minibatch + 1));
  }
}
