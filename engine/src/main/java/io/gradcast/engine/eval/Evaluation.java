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

  /** Mean loss; NaN of no samples, or where a loss was not finite or their sum too large. */
  public double loss() {
    return finite ? FixedPoint.toDouble(loss) / samples() : Double.NaN;
  }
}
