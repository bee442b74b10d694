package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * The learning rate in the course of a training, as a function of the position and of what was
 * measured: nothing of it needs to be remembered.
 */
public sealed interface Schedule
    permits ConstantRate, StepDecay, ExponentialDecay, CosineDecay, ReduceOnPlateau, WarmUp {

  /**
   * What the rate that the training was given is multiplied by in an iteration.
   *
   * @param iteration updates made before it
   * @param iterations of the whole training
   * @param minibatches iterations of an epoch
   * @param monitored what was measured so far, in order; the lower, the better
   */
  double factor(long iteration, long iterations, int minibatches, List<Double> monitored);

  /** Its name and parameters by the keys of their settings. */
  Map<String, Object> settings();

  /** Whether another number of epochs would have changed the rates so far. */
  default boolean dependsOnEnd() {
    return false;
  }

  /** Whether measurements have a part in the rates, and so in the model. */
  default boolean dependsOnMeasurements() {
    return false;
  }
}
