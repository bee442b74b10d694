package io.gradcast.spark.report;

import io.gradcast.engine.eval.Calibration;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The numbers that report.js draws, as JSON. */
final class ChartData {

  /** Classes that one plot can show. */
  static final int MOST_CLASSES = 40;

  private ChartData() {}

  static String of(Report report) {
    List<String> names = report.model().classes();
    Evaluation evaluation = report.examination().evaluation();
    ClassTables tables = new ClassTables(evaluation, names);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("watched", report.watched());
    data.put("points", report.curve().stream().map(ChartData::point).toList());
    data.put("best", report.best());
    data.put(
        "classes",
        tables.weakest(MOST_CLASSES).stream()
            .map(i -> classOf(names.get(i), evaluation.precision(i), evaluation.recall(i)))
            .toList());
    data.put("counted", evaluation.severalLabels() ? "scores" : "images");
    data.put("bins", bins(report.examination().calibration()));
    if (names.size() > ResultSections.MOST_NUMBERS && !evaluation.severalLabels()) {
      data.put("names", names);
      data.put("cells", cells(evaluation, tables));
    }
    // Else a name could end the script that holds the text.
    return Json.write(data).replace("<", "\\u003c");
  }

  private static Map<String, Object> classOf(String name, double precision, double recall) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", name);
    object.put("precision", precision);
    object.put("recall", recall);
    return object;
  }

  private static Map<String, Object> point(LearningPoint point) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("epoch", point.epoch());
    object.put("train", point.trainLoss());
    object.put("loss", point.loss());
    object.put("trainError", 1 - point.trainAccuracy());
    object.put("error", 1 - point.accuracy());
    return object;
  }

  private static List<Map<String, Object>> bins(Calibration calibration) {
    return IntStream.range(0, Calibration.BINS)
        .filter(bin -> calibration.samples(bin) > 0)
        .mapToObj(
            bin -> {
              Map<String, Object> object = new LinkedHashMap<>();
              object.put("samples", calibration.samples(bin));
              object.put("confidence", calibration.confidence(bin));
              object.put("accuracy", calibration.accuracy(bin));
              return object;
            })
        .toList();
  }

  /** Label, prediction, count and its share of the label, where there were any. */
  private static List<List<Object>> cells(Evaluation evaluation, ClassTables tables) {
    List<List<Object>> cells = new ArrayList<>();
    for (int label = 0; label < evaluation.classes(); label++) {
      for (int predicted = 0; predicted < evaluation.classes(); predicted++) {
        long count = evaluation.count(label, predicted);
        if (count > 0) {
          double share = Math.rint(1e4 * tables.share(label, predicted)) / 1e4;
          cells.add(List.of(label, predicted, count, share));
        }
      }
    }
    return cells;
  }
}
