package io.gradcast.engine.data;

import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;

/**
 * What samples must be like for a network to take them.
 *
 * @param shape of an image
 * @param classes that there are
 * @param severalLabels whether a sample may have any number of them; else it has exactly one
 */
public record SampleType(Shape shape, int classes, boolean severalLabels) implements Serializable {}
