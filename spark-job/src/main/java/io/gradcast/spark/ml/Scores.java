package io.gradcast.spark.ml;

import io.gradcast.spark.score.Scorer;

/** What Spark ML wants of the scores of an image. */
final class Scores {

  private Scores() {}

  /** The scores of a lane's image as the network gives them, one a class. */
  static double[] raw(Scorer scorer, int lane) {
    double[] raw = new double[scorer.classes().size()];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = scorer.score(lane, i);
    }
    return raw;
  }

  /**
   * Makes of scores a distribution, in place: what is below 0 becomes 0, and all is divided by the
   * sum. Where that is 0 all classes have the same.
   */
  static void normalize(double[] scores) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.max(0, scores[i]);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] = sum > 0 ? scores[i] / sum : 1.0 / scores.length;
    }
  }

  /**
   * The number of the class that a lane's image is found to have.
   *
   * @param probabilities of the classes
   * @param thresholds by which these are divided first, as Spark's classifiers do; null for none
   */
  static int prediction(Scorer scorer, int lane, double[] probabilities, double[] thresholds) {
    if (thresholds == null) {
      return scorer.prediction(lane)[0];
    }
    int best = 0;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < probabilities.length; i++) {
      // One threshold may be 0; 0 / 0 is not greater than anything.
      double scaled = probabilities[i] / thresholds[i];
      if (scaled > greatest) {
        greatest = scaled;
        best = i;
      }
    }
    return best;
  }
}
