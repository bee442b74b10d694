package io.gradcast.engine.train;

import io.gradcast.engine.eval.Measurement;
import java.util.List;

/**
 * A finished training.
 *
 * @param parameters the trained ones
 * @param measurements in their order, at least one
 * @param kept the one of them that is of the parameters: the last, or the best where that is kept
 * @param stoppedEarly whether measurements ended it, before its last epoch was over
 * @param outOfTime whether its time was up before it came to an end of its own
 * @param iterations updates made
 * @param seconds of training alone, without start-up, reading and evaluation
 * @param samplesPerSecond over all of it
 * @param overheadShare part of the time in which threads that could compute gradients did not
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record TrainingResult(
    float[] parameters,
    List<Measurement> measurements,
    Measurement kept,
    boolean stoppedEarly,
    boolean outOfTime,
    long iterations,
    double seconds,
    double samplesPerSecond,
    double overheadShare) {

  public Measurement last() {
    return measurements.get(measurements.size() - 1);
  }
}
