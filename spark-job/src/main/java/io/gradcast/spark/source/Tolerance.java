package io.gradcast.spark.source;

import java.io.Serializable;

/**
 * What becomes of bad records.
 *
 * @param skips whether they are left out; else the first is an error
 * @param most what part of all records may be left out
 */
public record Tolerance(boolean skips, double most) implements Serializable {

  /** None are borne. */
  public static final Tolerance NONE = new Tolerance(false, 0);
}
