package io.gradcast.spark.report;

import io.gradcast.engine.data.Inspection;
import io.gradcast.engine.tensor.Shape;
import java.util.List;

/**
 * What a data set is like.
 *
 * @param name where it is
 * @param parts such as training and test data
 */
public record DataSheet(String name, List<Part> parts) {

  /**
   * One part of it.
   *
   * @param name of the part; empty where there is no other
   * @param bad records that are no samples
   */
  public record Part(
      String name,
      Shape shape,
      List<String> classes,
      Inspection inspection,
      long bad,
      List<Problem> problems) {

    /** Samples of the largest class for one of the smallest that has any; 1 of no samples. */
    public double imbalance() {
      long[] counts = inspection.statistics().samples();
      long largest = 1;
      long smallest = Long.MAX_VALUE;
      for (long count : counts) {
        largest = Math.max(largest, count);
        smallest = count > 0 ? Math.min(smallest, count) : smallest;
      }
      return smallest == Long.MAX_VALUE ? 1 : (double) largest / smallest;
    }
  }

  /**
   * Something that may be wrong.
   *
   * @param what in a sentence
   * @param examples of it; may be none
   */
  public record Problem(String what, List<String> examples) {}
}
