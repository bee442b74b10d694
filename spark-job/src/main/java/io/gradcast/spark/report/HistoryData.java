package io.gradcast.spark.report;

import io.gradcast.engine.model.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The numbers that history.js draws, as JSON. */
final class HistoryData {

  /** Classes whose shares are told apart; others are summed. */
  static final int MOST_CLASSES = 10;

  private HistoryData() {}

  static String of(List<HistoryPoint> points) {
    Set<String> classes = largest(points);
    List<String> names = new ArrayList<>(classes);
    if (points.stream().anyMatch(point -> !classes.containsAll(point.classCounts().keySet()))) {
      names.add("others");
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("runs", runs(points, classes));
    data.put("classes", names);
    // Else a text could end the script that holds it.
    return Json.write(data).replace("<", "\\u003c");
  }

  /** The largest classes of the last run that has any, in their order. */
  private static Set<String> largest(List<HistoryPoint> points) {
    Map<String, Long> last = Map.of();
    for (HistoryPoint point : points) {
      last = point.classCounts().isEmpty() ? last : point.classCounts();
    }
    Set<String> largest =
        last.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(MOST_CLASSES)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return last.keySet().stream()
        .filter(largest::contains)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static List<Map<String, Object>> runs(List<HistoryPoint> points, Set<String> classes) {
    Map<String, Double> measured = new HashMap<>();
    List<Map<String, Object>> runs = new ArrayList<>();
    for (HistoryPoint point : points) {
      if (!Double.isNaN(point.accuracyOfChampion())) {
        measured.put(point.champion(), point.accuracyOfChampion());
      }
      // A run that came to nothing, or put a former champion back, measured none.
      double champion = measured.getOrDefault(point.champion(), Double.NaN);
      runs.add(run(point, champion, classes));
    }
    return runs;
  }

  private static Map<String, Object> run(HistoryPoint point, double champion, Set<String> classes) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("run", point.run());
    run.put("date", point.date());
    run.put("outcome", point.outcome());
    run.put("promoted", point.promoted());
    run.put("accuracy", point.accuracy());
    run.put("champion", champion);
    run.put("seconds", point.seconds());
    run.put("samples", point.samples());
    run.put("shares", shares(point.classCounts(), classes));
    return run;
  }

  /** Of all labels, that of each class, and of all others together; none if there are no labels. */
  private static List<Double> shares(Map<String, Long> counts, Set<String> classes) {
    double all = counts.values().stream().mapToLong(count -> count).sum();
    if (all == 0) {
      return List.of();
    }
    List<Double> shares = new ArrayList<>();
    double others = all;
    for (String name : classes) {
      long count = counts.getOrDefault(name, 0L);
      shares.add(rounded(count / all));
      others -= count;
    }
    shares.add(rounded(others / all));
    return shares;
  }

  private static double rounded(double share) {
    return Math.rint(1e4 * share) / 1e4;
  }
}
