package io.gradcast.engine.eval;

import io.gradcast.engine.kernel.FixedPoint;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * Predictions against labels, as integer counts, and the sum of losses on the grid of {@link
 * FixedPoint}: parts add up to the same whatever their order. Of samples with one label each it is
 * counted which class was taken for which; of samples with several labels, each class is a question
 * of its own, and it is counted how often all were answered right.
 */
public final class Evaluation implements Serializable {

  private static final long serialVersionUID = 1;

  /** Counts of a class: neither labelled nor predicted, predicted, labelled, both. */
  private static final int FOUR = 4;

  private final int classes;
  private final boolean severalLabels;
  private final long[] counts;
  private long loss;
  private boolean finite = true;

  /** Of samples that have one label each. */
  public Evaluation(int classes) {
    this(classes, false);
  }

  /**
   * @param severalLabels whether a sample may have any number of labels; else it has one
   */
  public Evaluation(int classes, boolean severalLabels) {
    this.classes = classes;
    this.severalLabels = severalLabels;
    counts = new long[countLength(classes, severalLabels)];
  }

  /** How many numbers {@link #counts} has. */
  public static int countLength(int classes, boolean severalLabels) {
    return severalLabels ? Math.addExact(FOUR * classes, 1) : Math.multiplyExact(classes, classes);
  }

  /**
   * One that was kept.
   *
   * @param counts as {@link #counts} gave them
   * @param lossSum as {@link #lossSum} gave it
   */
  public static Evaluation of(int classes, boolean severalLabels, long[] counts, long lossSum) {
    Evaluation evaluation = new Evaluation(classes, severalLabels);
    System.arraycopy(counts, 0, evaluation.counts, 0, evaluation.counts.length);
    evaluation.loss = lossSum;
    evaluation.finite = lossSum >= 0;
    return evaluation;
  }

  /** Counts one sample that has one label. */
  public void add(int label, int predicted, float sampleLoss) {
    counts[label * classes + predicted]++;
    add(sampleLoss);
  }

  /**
   * Counts one sample that may have several labels.
   *
   * @param labels for each class, whether the sample has it
   * @param predicted for each class, whether it was predicted
   */
  public void add(boolean[] labels, boolean[] predicted, float sampleLoss) {
    for (int i = 0; i < classes; i++) {
      counts[FOUR * i + (labels[i] ? 2 : 0) + (predicted[i] ? 1 : 0)]++;
    }
    counts[FOUR * classes] += Arrays.equals(labels, predicted) ? 1 : 0;
    add(sampleLoss);
  }

  private void add(float sampleLoss) {
    finite &= FixedPoint.inRange(sampleLoss, FixedPoint.limit(1));
    loss += FixedPoint.of(sampleLoss);
    finite &= loss >= 0; // losses are not negative, so a sum that is has overflowed
  }

  /** Adds another part. Associative and commutative, exactly. */
  public void add(Evaluation other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    loss += other.loss;
    finite &= other.finite && loss >= 0;
  }

  public int classes() {
    return classes;
  }

  /** Whether a sample may have any number of labels; else it has one. */
  public boolean severalLabels() {
    return severalLabels;
  }

  /** How many samples of one class were taken for another; of samples that have one label. */
  public long count(int label, int predicted) {
    return counts[label * classes + predicted];
  }

  /**
   * All counts: [label][predicted], row-major; of several labels [class][labelled][predicted], a
   * class not being labelled or predicted going first, and then the samples of which all is right.
   */
  public long[] counts() {
    return counts.clone();
  }

  /** Sum of losses in steps of the grid; -1 where there is none that is a number. */
  public long lossSum() {
    return finite ? loss : -1;
  }

  public long samples() {
    // Of several labels each class counts them all.
    int all = severalLabels ? FOUR : counts.length;
    long samples = 0;
    for (int i = 0; i < all; i++) {
      samples += counts[i];
    }
    return samples;
  }

  /** Samples whose label was predicted; of several labels all of them, and no other. */
  public long correct() {
    if (severalLabels) {
      return counts[FOUR * classes];
    }
    long correct = 0;
    for (int i = 0; i < classes; i++) {
      correct += count(i, i);
    }
    return correct;
  }

  /** Share of samples that are {@link #correct}; NaN of none. */
  public double accuracy() {
    return (double) correct() / samples();
  }

  /** Share of samples that are not {@link #correct}; NaN of none. */
  public double error() {
    return (double) (samples() - correct()) / samples();
  }

  /** How many samples have this label, and it was predicted. */
  public long hits(int label) {
    return severalLabels ? counts[FOUR * label + 3] : count(label, label);
  }

  /** How many samples have this label. */
  public long labelled(int label) {
    if (severalLabels) {
      return counts[FOUR * label + 2] + hits(label);
    }
    long samples = 0;
    for (int predicted = 0; predicted < classes; predicted++) {
      samples += count(label, predicted);
    }
    return samples;
  }

  /** How many samples were taken for this class. */
  public long predicted(int predicted) {
    if (severalLabels) {
      return counts[FOUR * predicted + 1] + hits(predicted);
    }
    long samples = 0;
    for (int label = 0; label < classes; label++) {
      samples += count(label, predicted);
    }
    return samples;
  }

  /** Share of the samples taken for a class that are of it; NaN where none was. */
  public double precision(int index) {
    return (double) hits(index) / predicted(index);
  }

  /** Share of the samples of a class that were taken for it; NaN where there are none. */
  public double recall(int index) {
    return (double) hits(index) / labelled(index);
  }

  /** Harmonic mean of precision and recall; NaN of a class neither labelled nor predicted. */
  public double f1(int index) {
    return 2.0 * hits(index) / (labelled(index) + predicted(index));
  }

  /** Precision of all classes taken together; NaN where none was predicted. */
  public double microPrecision() {
    return (double) sum(this::hits) / sum(this::predicted);
  }

  /** Recall of all classes taken together; NaN where there are no labels. */
  public double microRecall() {
    return (double) sum(this::hits) / sum(this::labelled);
  }

  /** Harmonic mean of these; NaN where nothing was labelled or predicted. */
  public double microF1() {
    return 2.0 * sum(this::hits) / (sum(this::labelled) + sum(this::predicted));
  }

  private long sum(IntToLongFunction count) {
    return IntStream.range(0, classes).mapToLong(count).sum();
  }

  /** The mean of a measure over the classes of which it is a number; NaN of none. */
  public double macro(IntToDoubleFunction measure) {
    double sum = 0;
    int numbers = 0;
    for (int i = 0; i < classes; i++) {
      double value = measure.applyAsDouble(i);
      if (Double.isFinite(value)) {
        sum += value;
        numbers++;
      }
    }
    return sum / numbers;
  }

  /** Mean loss; NaN of no samples, or where a loss was not finite or their sum too large. */
  public double loss() {
    return finite ? FixedPoint.toDouble(loss) / samples() : Double.NaN;
  }
}
