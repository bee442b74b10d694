package io.gradcast.engine.eval;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * The misclassified samples of the largest loss, at most {@value #MOST}; of equal losses the lower
 * id is kept. Which they are does not depend on the order in which samples and parts are added.
 */
public final class Mistakes implements Serializable {

  private static final long serialVersionUID = 1;

  public static final int MOST = 24;

  private final Prediction[] worst = new Prediction[MOST];
  private int count;

  /** Whether a mistake would be kept; spares its image where not. */
  boolean takes(float loss, long id) {
    if (count < MOST) {
      return true;
    }
    Prediction last = worst[MOST - 1];
    int order = Float.compare(loss, last.loss());
    return order > 0 || (order == 0 && id < last.id());
  }

  public void add(Prediction mistake) {
    if (!takes(mistake.loss(), mistake.id())) {
      return;
    }
    int at = count < MOST ? count++ : MOST - 1;
    while (at > 0 && Prediction.WORST_FIRST.compare(mistake, worst[at - 1]) < 0) {
      worst[at] = worst[at - 1];
      at--;
    }
    worst[at] = mistake;
  }

  /** Adds another part. */
  public void add(Mistakes other) {
    for (int i = 0; i < other.count; i++) {
      add(other.worst[i]);
    }
  }

  /** The worst first. */
  public List<Prediction> worst() {
    return List.copyOf(Arrays.asList(worst).subList(0, count));
  }
}
