package io.gradcast.spark.cli;

import io.gradcast.engine.eval.Evaluation;
import java.util.List;
import java.util.Locale;

/** How well each of several labels was told, as a table to read. */
final class LabelTable {

  private LabelTable() {}

  static String of(Evaluation evaluation, List<String> classes) {
    int width = classes.stream().mapToInt(String::length).max().orElse(0);
    String format = "%" + Math.max(width, "Label".length()) + "s %9s %9s %9s %9s %9s %9s %9s%n";
    StringBuilder text =
        new StringBuilder("Accuracy counts images of which all labels are right.\n\n");
    text.append(
        format.formatted(
            "Label", "images", "right", "missed", "wrong", "precision", "recall", "F1"));
    long[] sums = new long[4];
    for (int i = 0; i < classes.size(); i++) {
      long hits = evaluation.hits(i);
      long missed = evaluation.labelled(i) - hits;
      long wrong = evaluation.predicted(i) - hits;
      long[] counts = {evaluation.labelled(i), hits, missed, wrong};
      for (int j = 0; j < counts.length; j++) {
        sums[j] += counts[j];
      }
      text.append(
          format.formatted(
              classes.get(i),
              counts[0],
              counts[1],
              counts[2],
              counts[3],
              share(evaluation.precision(i)),
              share(evaluation.recall(i)),
              share(evaluation.f1(i))));
    }
    text.append(
        format.formatted(
            "all",
            sums[0],
            sums[1],
            sums[2],
            sums[3],
            share(evaluation.microPrecision()),
            share(evaluation.microRecall()),
            share(evaluation.microF1())));
    text.append(
        format.formatted(
            "mean",
            "",
            "",
            "",
            "",
            share(evaluation.macro(evaluation::precision)),
            share(evaluation.macro(evaluation::recall)),
            share(evaluation.macro(evaluation::f1))));
    return text.toString();
  }

  private static String share(double share) {
    return Double.isNaN(share) ? "." : String.format(Locale.ROOT, "%.4f", share);
  }
}
