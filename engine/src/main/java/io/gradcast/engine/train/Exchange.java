package io.gradcast.engine.train;

import io.gradcast.engine.tensor.GradientSum;
import java.util.function.Consumer;

/**
 * All that differs between training in one JVM and on a cluster: whoever holds the samples gives
 * the exact gradient sums of minibatches.
 */
public interface Exchange {

  /** Samples of the whole data set. */
  long sampleCount();

  /** Threads that can compute gradients at the same time. */
  int parallelism();

  /**
   * Computes the gradient sums of consecutive minibatches of one epoch, and hands each to its
   * consumer before the next is begun.
   *
   * @param epoch from 0
   * @param first minibatch, from 0 within the epoch
   * @param end behind the last minibatch
   * @param parameters changed by {@code update} and by nobody else
   * @param update gets each whole sum, in the order of the minibatches, one at a time, on whatever
   *     thread has it first; it keeps nothing of the sum. What it throws is thrown by this call
   */
  void run(int epoch, int first, int end, float[] parameters, Consumer<GradientSum> update);
}
