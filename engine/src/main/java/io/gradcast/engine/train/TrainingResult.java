package io.gradcast.engine.train;

import io.gradcast.engine.eval.EpochMetrics;
import java.util.List;

/**
 * A finished training.
 *
 * @param parameters the trained ones
 * @param epochs one entry an epoch
 * @param iterations updates made
 * @param seconds of training alone, without start-up, reading and evaluation
 * @param samplesPerSecond over all of it
 * @param overheadShare part of the time in which threads that could compute gradients did not
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record TrainingResult(
    float[] parameters,
    List<EpochMetrics> epochs,
    long iterations,
    double seconds,
    double samplesPerSecond,
    double overheadShare) {

  public EpochMetrics last() {
    return epochs.get(epochs.size() - 1);
  }
}
