package io.gradcast.engine.eval;

import java.io.Serializable;

/**
 * Predictions of two models of the same samples, as integer counts: parts add up to the same
 * whatever their order.
 *
 * @param both samples that both have right
 * @param onlyFirst those that only the first has right
 * @param onlySecond those that only the second has right
 * @param neither those that none has right
 */
public record PairedCounts(long both, long onlyFirst, long onlySecond, long neither)
    implements Serializable {

  /** Of no samples. */
  public static final PairedCounts NONE = new PairedCounts(0, 0, 0, 0);

  /** The sum with another part. Associative and commutative, exactly. */
  public PairedCounts add(PairedCounts other) {
    return new PairedCounts(
        both + other.both,
        onlyFirst + other.onlyFirst,
        onlySecond + other.onlySecond,
        neither + other.neither);
  }

  /** Samples that the first has right. */
  public long firstRight() {
    return both + onlyFirst;
  }

  /** Samples that the second has right. */
  public long secondRight() {
    return both + onlySecond;
  }

  /** All samples. */
  public long total() {
    return both + onlyFirst + onlySecond + neither;
  }

  /** How likely equally good models would differ as much, by {@link McNemar#exact}. */
  public double pValue() {
    return McNemar.exact(onlyFirst, onlySecond);
  }
}
