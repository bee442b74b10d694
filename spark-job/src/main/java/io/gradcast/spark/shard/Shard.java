package io.gradcast.spark.shard;

import com.esotericsoftware.kryo.DefaultSerializer;
import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Holder;
import io.gradcast.engine.train.ShardedGradient;
import java.io.Serializable;

/**
 * The element of a partition: samples which know their places in an epoch. It travels with any
 * serializer that a session may have, and so may be cached on disk.
 */
@DefaultSerializer(ShardRegistrator.ShardSerializer.class)
public final class Shard implements Serializable {

  private static final long serialVersionUID = 1;

  private final Holder samples;

  // Of the last epoch that was asked for; never shipped.
  private transient Task task;
  private transient EpochRows rows;

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
