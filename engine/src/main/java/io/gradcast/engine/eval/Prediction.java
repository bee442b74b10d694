package io.gradcast.engine.eval;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;

/**
 * What a network made of one sample.
 *
 * @param id of the sample
 * @param labels its classes, ascending: one, or any number
 * @param predicted those that were predicted
 * @param confidence the largest score, clipped to [0, 1]; where a sample may have several labels,
 *     that all of the prediction is right, as if classes were independent: the product of the
 *     scores of what was predicted and, of each other class, of 1 - score
 * @param pixels the image as in the data: [channels][height][width], a byte being 0 to 255
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Prediction(
    long id, int[] labels, int[] predicted, float loss, float confidence, byte[] pixels)
    implements Serializable {

  /** Whether all labels were predicted, and nothing else. */
  public boolean isRight() {
    return Arrays.equals(labels, predicted);
  }

  /** The largest loss first; of equals the lower id. */
  static final Comparator<Prediction> WORST_FIRST =
      Comparator.comparing(Prediction::loss).reversed().thenComparing(Prediction::id);
}
