package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;

/**
 * How far training data may be from those of the last run.
 *
 * @param minSamples fewer are too few, whatever there was
 * @param samples by what part their number may differ
 * @param classes which part of all samples may be of other classes than they were, beside what
 *     chance does to so few
 * @param pixels how far a channel's mean may move, and its deviation change, in standard deviations
 *     that it had
 */
public record DriftLimits(long minSamples, double samples, double classes, double pixels) {

  public DriftLimits {
    GradcastException.require(samples >= 0, "drift-samples", "0 or more", samples);
    GradcastException.require(classes >= 0, "drift-classes", "0 or more", classes);
    GradcastException.require(pixels >= 0, "drift-pixels", "0 or more", pixels);
  }
}
