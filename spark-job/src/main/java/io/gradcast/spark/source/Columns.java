package io.gradcast.spark.source;

/**
 * Which columns of a table are what.
 *
 * @param image empty for {@code image}, or the only column that can be one; of CSV all columns are
 *     pixels that are nothing else
 * @param label empty for {@code label}, of CSV else the first column
 * @param id empty for none
 */
public record Columns(String image, String label, String id) {

  /** What tables mostly have. */
  public static final Columns USUAL = new Columns("", "", "");
}
