package io.gradcast.spark.report;

import io.gradcast.engine.eval.Calibration;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Examination;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The parts of the page on what was predicted: confusion, classes, calibration and top-k. */
final class ResultSections {

  /** Classes whose matrix is a table of numbers; beyond that nobody could read them. */
  static final int MOST_NUMBERS = 20;

  private static final int[] TOP = {1, 2, 3, 5, 10};

  private ResultSections() {}

  private record Matrix(List<String> names, List<ClassTables.MatrixRow> rows) {}

  private record Bin(String range, String samples, String confidence, String accuracy) {}

  private record TopK(int k, String correct, String share) {}

  static void put(Report report, Map<String, Object> page) {
    Evaluation evaluation = report.examination().evaluation();
    putClasses(evaluation, report.model().classes(), page);
    putCalibration(report.examination(), page);
  }

  private static void putClasses(
      Evaluation evaluation, List<String> names, Map<String, Object> page) {
    ClassTables tables = new ClassTables(evaluation, names);
    page.put("oneLabel", !evaluation.severalLabels());
    page.put("severalLabels", evaluation.severalLabels());
    page.put("classCount", names.size());
    if (!evaluation.severalLabels()) {
      putConfusion(tables, names, page);
    }
    page.put("manyClasses", names.size() > ChartData.MOST_CLASSES);
    page.put("shownClasses", ChartData.MOST_CLASSES);
    page.put("classes", tables.classes());
    page.put("meanPrecision", Numbers.percent(evaluation.macro(evaluation::precision)));
    page.put("meanRecall", Numbers.percent(evaluation.macro(evaluation::recall)));
    page.put("meanF1", Numbers.percent(evaluation.macro(evaluation::f1)));
    page.put("microPrecision", Numbers.percent(evaluation.microPrecision()));
    page.put("microRecall", Numbers.percent(evaluation.microRecall()));
    page.put("microF1", Numbers.percent(evaluation.microF1()));
  }

  private static void putConfusion(
      ClassTables tables, List<String> names, Map<String, Object> page) {
    boolean readable = names.size() <= MOST_NUMBERS;
    page.put("matrix", readable ? List.of(new Matrix(names, tables.matrix())) : List.of());
    page.put("confusions", tables.confusions());
    page.put("hasConfusions", !tables.confusions().isEmpty());
  }

  private static void putCalibration(Examination examination, Map<String, Object> page) {
    Calibration calibration = examination.calibration();
    page.put("calibrationError", Numbers.percent(calibration.expectedError()));
    page.put("binCount", Calibration.BINS);
    page.put(
        "bins",
        IntStream.range(0, Calibration.BINS)
            .filter(bin -> calibration.samples(bin) > 0)
            .mapToObj(bin -> bin(calibration, bin))
            .toList());
    if (!examination.evaluation().severalLabels()) {
      putTop(examination, page);
    }
  }

  private static void putTop(Examination examination, Map<String, Object> page) {
    long samples = examination.evaluation().samples();
    page.put(
        "top",
        Arrays.stream(TOP)
            .filter(k -> k < examination.evaluation().classes())
            .mapToObj(k -> top(k, examination.correctInTop(k), samples))
            .toList());
  }

  private static Bin bin(Calibration calibration, int bin) {
    return new Bin(
        "%s to %s"
            .formatted(
                Numbers.percent((double) bin / Calibration.BINS),
                Numbers.percent((bin + 1.0) / Calibration.BINS)),
        Numbers.count(calibration.samples(bin)),
        Numbers.percent(calibration.confidence(bin)),
        Numbers.percent(calibration.accuracy(bin)));
  }

  private static TopK top(int k, long correct, long samples) {
    return new TopK(k, Numbers.count(correct), Numbers.percent((double) correct / samples));
  }
}
