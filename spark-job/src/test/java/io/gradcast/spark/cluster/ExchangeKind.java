package io.gradcast.spark.cluster;

/** Every exchange there is. What is tested over all of them holds for none in particular. */
public enum ExchangeKind {
  TREE
}
