package io.gradcast.spark.cli;

import io.gradcast.engine.data.Inspection;
import io.gradcast.spark.report.DataSheet.Problem;
import io.gradcast.spark.source.Duplicates;
import io.gradcast.spark.source.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What may be wrong with data, in sentences. */
final class Problems {

  /** How many times as many samples of one class as of another are worth a sentence. */
  private static final double IMBALANCE = 10;

  private static final int MOST_EXAMPLES = 10;
  private static final int MOST_REASONS = 20;

  private final List<Problem> problems = new ArrayList<>();

  private Problems() {}

  static List<Problem> of(Source source, Inspection inspection, Duplicates duplicates) {
    Problems problems = new Problems();
    problems.addRejected(source);
    problems.addClasses(source, inspection);
    problems.addDuplicates(duplicates);
    problems.add(
        inspection.blanks(),
        "images of one colour all over",
        inspection.blankIds().stream().map("image %,d"::formatted).toList());
    problems.add(inspection.unlabelled(), "images without a label", List.of());
    return problems.problems;
  }

  private void add(long count, String what, List<String> examples) {
    if (count > 0) {
      problems.add(
          new Problem(
              "%,d %s".formatted(count, what), examples.stream().limit(MOST_EXAMPLES).toList()));
    }
  }

  /** By what is wrong with them, the most frequent first. */
  private void addRejected(Source source) {
    Map<String, List<String>> records = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    source
        .rejected()
        .forEachRemaining(
            rejected -> {
              boolean room = counts.size() < MOST_REASONS || counts.containsKey(rejected.problem());
              String problem = room ? rejected.problem() : "other reasons";
              counts.merge(problem, 1L, Long::sum);
              List<String> examples = records.computeIfAbsent(problem, any -> new ArrayList<>());
              if (examples.size() < MOST_EXAMPLES) {
                examples.add(rejected.record());
              }
            });
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            problem ->
                add(
                    problem.getValue(),
                    "bad records: " + problem.getKey(),
                    records.get(problem.getKey())));
  }

  private void addClasses(Source source, Inspection inspection) {
    long[] counts = inspection.statistics().samples();
    List<String> empty =
        IntStream.range(0, counts.length)
            .filter(i -> counts[i] == 0)
            .mapToObj(source.classes()::get)
            .toList();
    add(empty.size(), "classes without an image", empty);
    int used = counts.length - empty.size();
    if (used == 1 && !source.severalLabels()) {
      add(1, "class alone, where there is nothing to tell apart", List.of());
    }
    long largest = Arrays.stream(counts).max().orElse(0);
    List<String> rare =
        IntStream.range(0, counts.length)
            .filter(i -> counts[i] > 0 && counts[i] * IMBALANCE < largest)
            .mapToObj(i -> "%s: %,d".formatted(source.classes().get(i), counts[i]))
            .toList();
    add(
        rare.size(),
        "classes with less than a tenth of the %,d images of the largest; class-weights = balanced"
                .formatted(largest)
            + " makes up for that",
        rare);
  }

  private void addDuplicates(Duplicates duplicates) {
    add(
        duplicates.contradictions(),
        "images that are there again with other labels",
        pairs(duplicates, true));
    add(duplicates.images(), "images that are copies of others", pairs(duplicates, false));
  }

  private static List<String> pairs(Duplicates duplicates, boolean labelsDiffer) {
    return duplicates.examples().stream()
        .filter(pair -> pair.labelsDiffer() == labelsDiffer)
        .map(pair -> "image %,d and image %,d".formatted(pair.id(), pair.other()))
        .toList();
  }
}
