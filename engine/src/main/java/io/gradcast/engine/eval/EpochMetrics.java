package io.gradcast.engine.eval;

/**
 * What one epoch came to.
 *
 * @param epoch from 1
 * @param trainLoss mean over the samples of the epoch, each under the parameters of its iteration
 * @param test on the test data after the epoch
 * @param seconds of training alone
 * @param samplesPerSecond of training alone
 */
public record EpochMetrics(
    int epoch, double trainLoss, Evaluation test, double seconds, double samplesPerSecond) {}
