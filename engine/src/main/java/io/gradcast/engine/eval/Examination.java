package io.gradcast.engine.eval;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;

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

  /** Of samples that have one label each. */
  public Examination(int classes) {
    this(classes, false);
  }

  /**
   * @param severalLabels whether a sample may have any number of labels; else it has one
   */
  public Examination(int classes, boolean severalLabels) {
    evaluation = new Evaluation(classes, severalLabels);
    ranks = new long[classes];
  }

  /**
   * Counts one sample that has one label.
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
    keep(id, new int[] {label}, new int[] {predicted}, loss, confidence, image);
  }

  /**
   * Counts one sample that may have several labels. Each class is a prediction of its own, whose
   * score is to be calibrated.
   *
   * @param labels for each class, whether the sample has it
   * @param predicted for each class, whether it was predicted
   * @param scores of the classes
   * @param image gives a copy of its image, where that is to be kept
   */
  public void add(
      long id,
      boolean[] labels,
      boolean[] predicted,
      float[] scores,
      float loss,
      Supplier<byte[]> image) {
    evaluation.add(labels, predicted, loss);
    float confidence = 1;
    for (int i = 0; i < scores.length; i++) {
      float score = clip(scores[i]);
      calibration.add(score, labels[i]);
      confidence *= predicted[i] ? score : 1 - score;
    }
    keep(id, numbers(labels), numbers(predicted), loss, confidence, image);
  }

  /** The numbers of the classes that are set. */
  private static int[] numbers(boolean[] set) {
    return IntStream.range(0, set.length).filter(i -> set[i]).toArray();
  }

  private void keep(
      long id,
      int[] labels,
      int[] predicted,
      float loss,
      float confidence,
      Supplier<byte[]> image) {
    boolean mistaken = !Arrays.equals(labels, predicted) && mistakes.takes(loss, id);
    if (mistaken || isFirst(id)) {
      Prediction prediction = new Prediction(id, labels, predicted, loss, confidence, image.get());
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

  /**
   * How many samples have their label among the k classes of the greatest outputs; of samples that
   * have one label.
   */
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
