package io.gradcast.engine.eval;

import java.io.Serializable;
import java.util.Comparator;

/**
 * What a network made of one sample.
 *
 * @param id of the sample
 * @param confidence the largest score, clipped to [0, 1]
 * @param pixels the image as in the data: [channels][height][width], a byte being 0 to 255
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Prediction(
    long id, int label, int predicted, float loss, float confidence, byte[] pixels)
    implements Serializable {

  /** The largest loss first; of equals the lower id. */
  static final Comparator<Prediction> WORST_FIRST =
      Comparator.comparing(Prediction::loss).reversed().thenComparing(Prediction::id);
}
