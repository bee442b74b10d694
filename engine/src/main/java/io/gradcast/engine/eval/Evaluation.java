package io.gradcast.engine.eval;

import io.gradcast.engine.kernel.FixedPoint;
import java.io.Serializable;

/**
 * Predictions against labels, as integer counts, and the sum of losses on the grid of {@link
 * FixedPoint}: parts add up to the same whatever their order.
 */
public final class Evaluation implements Serializable {

  private static final long serialVersionUID = 1;

  private final int classes;
  private final long[] confusion;
  private long loss;
  private boolean finite = true;

  public Evaluation(int classes) {
    this.classes = classes;
    confusion = new long[classes * classes];
  }

  /**
   * One that was kept.
   *
   * @param counts [label][predicted], row-major
   * @param lossSum as {@link #lossSum} gave it
   */
  public static Evaluation of(int classes, long[] counts, long lossSum) {
    Evaluation evaluation = new Evaluation(classes);
    System.arraycopy(counts, 0, evaluation.confusion, 0, classes * classes);
    evaluation.loss = lossSum;
    evaluation.finite = lossSum >= 0;
    return evaluation;
  }

  /** Counts one sample. */
  public void add(int label, int predicted, float sampleLoss) {
    confusion[label * classes + predicted]++;
    finite &= FixedPoint.inRange(sampleLoss, FixedPoint.limit(1));
    loss += FixedPoint.of(sampleLoss);
    finite &= loss >= 0; // losses are not negative, so a sum that is has overflowed
  }

  /** Adds another part. Associative and commutative, exactly. */
  public void add(Evaluation other) {
    for (int i = 0; i < confusion.length; i++) {
      confusion[i] += other.confusion[i];
    }
    loss += other.loss;
    finite &= other.finite && loss >= 0;
  }

  public int classes() {
    return classes;
  }

  /** How many samples of one class were taken for another. */
  public long count(int label, int predicted) {
    return confusion[label * classes + predicted];
  }

  /** All counts, [label][predicted], row-major. */
  public long[] counts() {
    return confusion.clone();
  }

  /** Sum of losses in steps of the grid; -1 where there is none that is a number. */
  public long lossSum() {
    return finite ? loss : -1;
  }

  public long samples() {
    long samples = 0;
    for (long count : confusion) {
      samples += count;
    }
    return samples;
  }

  public long correct() {
    long correct = 0;
    for (int i = 0; i < classes; i++) {
      correct += count(i, i);
    }
    return correct;
  }

  /** Share of samples whose label was predicted; NaN of none. */
  public double accuracy() {
    return (double) correct() / samples();
  }

  /** Share of samples whose label was not predicted; NaN of none. */
  public double error() {
    return (double) (samples() - correct()) / samples();
  }

  /** How many samples have this label. */
  public long labelled(int label) {
    long samples = 0;
    for (int predicted = 0; predicted < classes; predicted++) {
      samples += count(label, predicted);
    }
    return samples;
  }

  /** How many samples were taken for this class. */
  public long predicted(int predicted) {
    long samples = 0;
    for (int label = 0; label < classes; label++) {
      samples += count(label, predicted);
    }
    return samples;
  }

  /** Share of the samples taken for a class that are of it; NaN where none was. */
  public double precision(int index) {
    return (double) count(index, index) / predicted(index);
  }

  /** Share of the samples of a class that were taken for it; NaN where there are none. */
  public double recall(int index) {
    return (double) count(index, index) / labelled(index);
  }

  /** Harmonic mean of precision and recall; NaN of a class neither labelled nor predicted. */
  public double f1(int index) {
    return 2.0 * count(index, index) / (labelled(index) + predicted(index));
  }

  /** Mean loss; NaN of no samples, or where a loss was not finite or their sum too large. */
  public double loss() {
    return finite ? FixedPoint.toDouble(loss) / samples() : Double.NaN;
  }
}
