package io.gradcast.engine.train;

import io.gradcast.engine.tensor.GradientSum;

/**
 * All that differs between training in one JVM and on a cluster: whoever holds the samples gives
 * the exact gradient sum of a minibatch.
 */
public interface Exchange {

  /** Samples of the whole data set. */
  long sampleCount();

  /** Threads that can compute gradients at the same time. */
  int parallelism();

  /**
   * Computes the gradient sum of one minibatch.
   *
   * @param epoch from 0
   * @param minibatch from 0, within the epoch
   * @param parameters not kept, and not changed while the call lasts
   * @param sum empty; gets the sum
   */
  void gradient(int epoch, int minibatch, float[] parameters, GradientSum sum);
}
