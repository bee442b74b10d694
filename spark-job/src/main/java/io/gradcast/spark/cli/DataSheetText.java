package io.gradcast.spark.cli;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.spark.report.DataSheet;
import io.gradcast.spark.report.DataSheet.Problem;
import java.util.Arrays;

/** What data are like, for a terminal. */
final class DataSheetText {

  private static final int BAR = 30;

  private DataSheetText() {}

  static String of(DataSheet sheet) {
    StringBuilder text = new StringBuilder();
    for (DataSheet.Part part : sheet.parts()) {
      text.append(text.isEmpty() ? "" : "\n");
      append(text, part);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, DataSheet.Part part) {
    DataStatistics statistics = part.inspection().statistics();
    if (!part.name().isEmpty()) {
      text.append("%s%n".formatted(part.name()));
    }
    text.append(
        """
        Images     %,d of %s, and %,d bad records
        Mean       %s
        Deviation  %s

        """
            .formatted(
                part.inspection().samples(),
                part.shape(),
                part.bad(),
                numbers(statistics.means()),
                numbers(statistics.deviations())));
    appendClasses(text, part, statistics.samples());
    text.append(part.problems().isEmpty() ? "No problems found\n" : "Problems\n");
    for (Problem problem : part.problems()) {
      text.append("  %s%n".formatted(problem.what()));
      problem.examples().forEach(example -> text.append("    %s%n".formatted(example)));
    }
  }

  private static void appendClasses(StringBuilder text, DataSheet.Part part, long[] counts) {
    int width = part.classes().stream().mapToInt(String::length).max().orElse(0);
    long largest = Math.max(1, Arrays.stream(counts).max().orElse(1));
    String line = "%-" + Math.max("Class".length(), width) + "s  %9s  %s";
    text.append(line.formatted("Class", "Images", "").stripTrailing()).append('\n');
    for (int i = 0; i < counts.length; i++) {
      String bar = "#".repeat((int) Math.round((double) BAR * counts[i] / largest));
      String count = "%,d".formatted(counts[i]);
      text.append(line.formatted(part.classes().get(i), count, bar).stripTrailing()).append('\n');
    }
    text.append('\n');
  }

  private static String numbers(float[] values) {
    StringBuilder text = new StringBuilder();
    for (float value : values) {
      text.append(text.isEmpty() ? "" : ", ").append("%.4f".formatted(value));
    }
    return text.toString();
  }
}
