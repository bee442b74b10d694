package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Lanes;

/**
 * What the outputs of a group of samples are to become.
 *
 * @param values [units], a sample a lane: 1 for a class that the sample has, else 0
 * @param weights [units], of each class's term in a loss that is a sum over classes
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
public record Targets(Lanes values, float[] weights) {}
