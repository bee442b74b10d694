package io.gradcast.engine.data;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import java.util.Arrays;

/**
 * Labelled images packed as bytes: what one thread, or one Spark partition, holds at rest.
 *
 * @param shape of one image
 * @param ids the stable id of each sample: from it alone follows where it stands in an epoch
 * @param pixels [ids.length][channels][height][width], a byte being 0 to 255
 * @param labels class of each sample
 */
@SuppressWarnings("ArrayRecordComponent") // packed on purpose; never compared
public record Samples(Shape shape, long[] ids, byte[] pixels, int[] labels) {

  public Samples {
    if (labels.length != ids.length || pixels.length != (long) ids.length * shape.size()) {
      throw new IllegalArgumentException(
          "%d ids, %d labels and %d bytes of %s images do not go together"
              .formatted(ids.length, labels.length, pixels.length, shape));
    }
  }

  public int count() {
    return ids.length;
  }

  public int label(int row) {
    return labels[row];
  }

  /** Where the image of a sample starts in the pixels. */
  public int start(int row) {
    return row * shape.size();
  }

  /** A copy of one sample's image. */
  public byte[] image(int row) {
    return Arrays.copyOfRange(pixels, start(row), start(row + 1));
  }

  /** Checks that the images and labels are such as a network can take. */
  public void requireFit(Shape input, int classes, String where) {
    if (!shape.equals(input)) {
      throw GradcastException.data(
          "%s: expected images of %s, as the network takes, found %s"
              .formatted(where, input, shape));
    }
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= classes) {
        throw GradcastException.data(
            "%s: expected labels from 0 to %d, found %d at sample %d"
                .formatted(where, classes - 1, labels[row], ids[row]));
      }
    }
  }
}
