package io.gradcast.spark.retrain;

import io.gradcast.engine.model.Model;
import io.gradcast.spark.score.Scorer;
import java.util.Arrays;

/** How long a model takes. */
final class Timing {

  private static final int WARM_UP = 500;
  private static final int IMAGES = 501;

  private Timing() {}

  /** Milliseconds that one image alone takes on this thread: the median of many. */
  static double millisAnImage(Model model) {
    Scorer scorer = new Scorer(model);
    byte[][] image = {new byte[scorer.shape().size()]};
    long[] nanos = new long[IMAGES];
    for (int i = -WARM_UP; i < IMAGES; i++) {
      long start = System.nanoTime();
      scorer.score(image, 1);
      if (i >= 0) {
        nanos[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos[IMAGES / 2] * 1e-6;
  }
}
