package io.gradcast.spark.exchange;

/** How gradient sums travel; see {@link Exchanges}. */
public enum ExchangeKind {
  /** Resident where that can be, else tree. */
  AUTO,
  /** A Spark job an iteration. */
  TREE,
  /** A Spark job an epoch, whose tasks stay. */
  RESIDENT
}
