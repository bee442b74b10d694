package io.gradcast.engine.train;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.net.Recipe;

/**
 * What decides the bytes of a trained model, besides the network and the data.
 *
 * @param epochs passes over the data, from 1
 * @param batchSize samples a minibatch, from 1 to {@value #LARGEST_BATCH}
 * @param learningRate above 0 and finite; the paper's alpha
 * @param seed of the initial parameters and of the order of samples
 */
public record TrainingConfig(int epochs, int batchSize, double learningRate, long seed) {

  /** With it a sample's gradient may still be 4 in magnitude before a sum could overflow. */
  public static final int LARGEST_BATCH = 1 << 20;

  public TrainingConfig {
    GradcastException.require(epochs >= 1, "epochs", "1 or more", epochs);
    GradcastException.require(
        batchSize >= 1 && batchSize <= LARGEST_BATCH,
        "batch-size",
        "1 to " + LARGEST_BATCH,
        batchSize);
    GradcastException.require(
        learningRate > 0 && Double.isFinite(learningRate),
        "learning-rate",
        "a number above 0",
        learningRate);
  }

  /** What of it decides the gradient of a sample. */
  public Recipe recipe() {
    return new Recipe(seed, batchSize);
  }

  /** Minibatches of an epoch, the last of which may be short. */
  public int iterations(long samples) {
    return Math.toIntExact((samples + batchSize - 1) / batchSize);
  }
}
