package io.gradcast.engine;

import java.util.Collection;
import java.util.Comparator;

/** Finds what a misspelt word was probably meant to be. */
public final class Nearest {

  private Nearest() {}

  /** The sentence "Did you mean X?" for the known word fewest edits away from an unknown one. */
  public static String question(String unknown, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String word) -> edits(unknown, word)).thenComparing(w -> w))
        .map(word -> "Did you mean " + word + "?")
        .orElse("Nothing is known here.");
  }

  /** Levenshtein distance: insertions, deletions and substitutions of one character. */
  static int edits(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substituted, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
