package io.gradcast.spark.shard;

import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.train.TrainingConfig;
import java.io.Serializable;

/**
 * What a shard must know of a training to find and compute its part of a minibatch.
 *
 * @param network as canonical text
 * @param seed of the order of samples
 * @param sampleCount of all shards together
 */
public record Task(String network, long seed, long sampleCount, int batchSize)
    implements Serializable {

  public static Task of(Network network, TrainingConfig config, long sampleCount) {
    return new Task(network.spec().text(), config.seed(), sampleCount, config.batchSize());
  }

  /** The places of some samples in the minibatches of an epoch. */
  public EpochRows rows(Samples samples) {
    return new EpochRows(samples, seed, sampleCount, batchSize);
  }
}
