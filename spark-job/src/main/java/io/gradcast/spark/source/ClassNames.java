package io.gradcast.spark.source;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** Which classes some labels are of. */
final class ClassNames {

  /** Labels that are greater numbers than this are names. */
  private static final int MOST_NUMBERS = 1 << 16;

  private ClassNames() {}

  /**
   * The names of classes by their numbers: where all labels are whole numbers from 0, those up to
   * the greatest; else the labels in the order of their characters.
   *
   * @param labels each once
   */
  static List<String> of(Collection<String> labels) {
    if (!labels.isEmpty() && labels.stream().allMatch(ClassNames::isNumber)) {
      int greatest = labels.stream().mapToInt(Integer::parseInt).max().orElse(0);
      return IntStream.rangeClosed(0, greatest).mapToObj(Integer::toString).toList();
    }
    return labels.stream().sorted().toList();
  }

  /** A whole number as one would write it, so that no two labels are the same class. */
  private static boolean isNumber(String label) {
    return label.matches("0|[1-9][0-9]{0,5}") && Integer.parseInt(label) <= MOST_NUMBERS;
  }
}
