package io.gradcast.engine.data;

import io.gradcast.engine.tensor.Shape;

/**
 * A sample to be looked at.
 *
 * @param id of the sample
 * @param labels its classes, ascending: one, or any number
 * @param pixels [channels][height][width], a byte being 0 to 255
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Example(long id, Shape shape, int[] labels, byte[] pixels) {

  static Example of(Samples samples, int row, int[] labels) {
    return new Example(samples.ids()[row], samples.shape(), labels, samples.image(row));
  }
}
