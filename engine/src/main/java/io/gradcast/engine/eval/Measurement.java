package io.gradcast.engine.eval;

/**
 * What a training had come to at some point.
 *
 * @param epoch that it was in or had just ended, from 1
 * @param iteration updates made since the training began
 * @param trainLoss mean over the samples since the measurement before, each under the parameters of
 *     its iteration
 * @param trainAccuracy share of them that was predicted rightly, in the same way: as they were
 *     trained on, with augmentation and dropout
 * @param learningRate of the last update
 * @param evaluation of the parameters on the data that are watched
 * @param seconds of training alone, since the measurement before
 * @param samplesPerSecond of training alone
 */
public record Measurement(
    int epoch,
    long iteration,
    double trainLoss,
    double trainAccuracy,
    double learningRate,
    Evaluation evaluation,
    double seconds,
    double samplesPerSecond) {}
