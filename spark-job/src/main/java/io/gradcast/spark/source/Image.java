package io.gradcast.spark.source;

import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;

/**
 * One image as a network takes it.
 *
 * @param pixels [channels][height][width], a byte being 0 to 255
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Image(Shape shape, byte[] pixels) implements Serializable {}
