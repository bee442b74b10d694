package io.gradcast.spark.report;

import io.gradcast.engine.eval.Measurement;

/**
 * How well a network in training did at one time. What was not measured then is NaN.
 *
 * @param epoch passes over the data so far, not necessarily whole
 * @param trainLoss mean over the training samples since the point before
 * @param trainAccuracy share of those whose class was predicted while they were trained on
 * @param loss mean over the samples kept for evaluation
 * @param accuracy share of those whose class was predicted
 */
public record LearningPoint(
    double epoch, double trainLoss, double trainAccuracy, double loss, double accuracy) {

  /**
   * What was measured.
   *
   * @param minibatches of an epoch
   */
  public static LearningPoint of(Measurement measurement, long minibatches) {
    return new LearningPoint(
        (double) measurement.iteration() / minibatches,
        measurement.trainLoss(),
        measurement.trainAccuracy(),
        measurement.evaluation().loss(),
        measurement.evaluation().accuracy());
  }
}
