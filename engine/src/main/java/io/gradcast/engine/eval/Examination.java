package io.gradcast.engine.eval;

import java.io.Serializable;
import java.util.function.Supplier;

/**
 * All that a report tells of a network's predictions: more than {@link Evaluation} counts, so it is
 * made once, of the final parameters. Parts add up to the same whatever their order.
 */
public final class Examination implements Serializable {

  private static final long serialVersionUID = 1;

  private final Evaluation evaluation;
  private final long[] ranks;
  private final Calibration calibration = new Calibration();
  private final Mistakes mistakes = new Mistakes();
  private Prediction first;

  public Examination(int classes) {
    evaluation = new Evaluation(classes);
    ranks = new long[classes];
  }

  /**
   * Counts one sample.
   *
   * @param outputs of the network, one a class
   * @param scores the same as probabilities
   * @param image gives a copy of its image, where that is to be kept
   */
  public void add(
      long id,
      int label,
      int predicted,
      float[] outputs,
      float[] scores,
      float loss,
      Supplier<byte[]> image) {
    evaluation.add(label, predicted, loss);
    ranks[rank(outputs, label)]++;
    float confidence = clip(scores[predicted]);
    calibration.add(confidence, label == predicted);
    boolean mistaken = label != predicted && mistakes.takes(loss, id);
    if (mistaken || isFirst(id)) {
      Prediction prediction = new Prediction(id, label, predicted, loss, confidence, image.get());
      if (mistaken) {
        mistakes.add(prediction);
      }
      if (isFirst(id)) {
        first = prediction;
      }
    }
  }

  /** How many classes go before the label: greater outputs, and of equals those of lower number. */
  private static int rank(float[] outputs, int label) {
    int rank = 0;
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] > outputs[label] || (i < label && outputs[i] == outputs[label])) {
        rank++;
      }
    }
    return rank;
  }

  /** Into [0, 1]; 0 of what is not a number. */
  private static float clip(float score) {
    return score > 0 ? Math.min(score, 1) : 0;
  }

  private boolean isFirst(long id) {
    return first == null || id < first.id();
  }

  /** Adds another part. */
  public void add(Examination other) {
    evaluation.add(other.evaluation);
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] += other.ranks[i];
    }
    calibration.add(other.calibration);
    mistakes.add(other.mistakes);
    if (other.first != null && isFirst(other.first.id())) {
      first = other.first;
    }
  }

  public Evaluation evaluation() {
    return evaluation;
  }

  /** How many samples have their label among the k classes of the greatest outputs. */
  public long correctInTop(int k) {
    long correct = 0;
    for (int i = 0; i < k; i++) {
      correct += ranks[i];
    }
    return correct;
  }

  public Calibration calibration() {
    return calibration;
  }

  public Mistakes mistakes() {
    return mistakes;
  }

  /** The sample of the lowest id, an example that is not chosen for anything; null of none. */
  public Prediction first() {
    return first;
  }
}
