package io.gradcast.engine.model;

import io.gradcast.engine.eval.EpochMetrics;
import java.util.List;

/**
 * How far a training is, between two minibatches: all that it needs to go on, beside what it was
 * started with. Gradient descent has no state of its own; an optimizer that has one adds its arrays
 * here, and their tensors in {@link CheckpointFile}.
 *
 * @param epochs what the finished ones came to; their number is the position's epoch, from 0
 * @param minibatch of that epoch that comes next, from 0
 * @param parameters in the layout of the network
 * @param epochLoss sum of the losses of the epoch's samples so far
 * @param nanos of training alone so far, all epochs
 * @param epochNanos those of them that were spent on the epoch that is begun
 * @param busyNanos spent on the minibatches' arithmetic so far, summed over threads
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record TrainingState(
    List<EpochMetrics> epochs,
    int minibatch,
    float[] parameters,
    double epochLoss,
    long nanos,
    long epochNanos,
    long busyNanos) {

  public TrainingState {
    epochs = List.copyOf(epochs);
  }

  /** The start of a training. */
  public static TrainingState start(float[] parameters) {
    return new TrainingState(List.of(), 0, parameters, 0, 0, 0, 0);
  }

  /** The epoch that comes next or is begun, from 0. */
  public int epoch() {
    return epochs.size();
  }
}
