package io.gradcast.spark.shard;

import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Holder;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.train.TrainingConfig;
import java.io.Serializable;

/**
 * What a shard must know of a training to find and compute its part of a minibatch.
 *
 * @param network as canonical text
 * @param recipe its seed is that of the order of samples, too
 * @param sampleCount of all shards together
 */
public record Task(String network, Recipe recipe, long sampleCount) implements Serializable {

  public static Task of(Network network, TrainingConfig config, long sampleCount) {
    return new Task(network.spec().text(), config.recipe(), sampleCount);
  }

  /** The places of a holder's samples in the minibatches of an epoch. */
  public EpochRows rows(Holder holder) {
    return new EpochRows(holder, recipe.seed(), sampleCount, recipe.batchSize());
  }
}
