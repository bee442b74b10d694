package io.gradcast.spark.report;

import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The parts of the page on the run: its results at a glance, its course, its time, its settings.
 */
final class RunSections {

  private RunSections() {}

  /** A name and a value. */
  private record Fact(String name, String value) {}

  private record FactTable(String title, List<Fact> entries) {}

  private record Tile(String name, String value, String note) {}

  private record Point(
      String epoch,
      String trainLoss,
      String trainError,
      String loss,
      String accuracy,
      String error,
      boolean best) {}

  private record Time(String name, String seconds, String percent, String share) {}

  private record LayerRow(String name, String type, String output, String parameters) {}

  static void put(Report report, Map<String, Object> page) {
    putHead(report, page);
    putCurve(report, page);
    putTimes(report.seconds(), page);
    putNetwork(report.model().network(), page);
    page.put(
        "facts",
        report.facts().entrySet().stream()
            .map(table -> new FactTable(table.getKey(), facts(table.getValue())))
            .toList());
  }

  private static List<Fact> facts(Map<String, Object> values) {
    return values.entrySet().stream()
        .map(fact -> new Fact(fact.getKey(), Numbers.any(fact.getValue())))
        .toList();
  }

  private static void putHead(Report report, Map<String, Object> page) {
    Network network = report.model().network();
    Examination examination = report.examination();
    Evaluation evaluation = examination.evaluation();
    boolean trained = !report.curve().isEmpty();
    page.put("kind", trained ? "training report" : "evaluation report");
    page.put("evaluated", report.evaluated());
    page.put("watched", report.watched());
    page.put("title", "Network " + network.spec().name());
    page.put(
        "subtitle",
        "%s of %s %s images %sright; %s classes, %s parameters"
            .formatted(
                Numbers.count(evaluation.correct()),
                Numbers.count(evaluation.samples()),
                report.evaluated(),
                evaluation.severalLabels() ? "with all labels " : "",
                Numbers.count(evaluation.classes()),
                Numbers.count(network.parameterCount())));
    List<Tile> tiles = new ArrayList<>();
    tiles.add(
        new Tile("Accuracy", Numbers.percent(evaluation.accuracy()), "on " + report.evaluated()));
    tiles.add(
        new Tile(
            "Error",
            Numbers.percent(evaluation.error()),
            Numbers.count(evaluation.samples() - evaluation.correct()) + " wrong"));
    if (evaluation.severalLabels()) {
      tiles.add(new Tile("Micro F1", Numbers.percent(evaluation.microF1()), "all labels together"));
      double macro = evaluation.macro(evaluation::f1);
      tiles.add(new Tile("Macro F1", Numbers.percent(macro), "mean of the labels"));
    } else if (evaluation.classes() > 2) {
      double share = (double) examination.correctInTop(2) / evaluation.samples();
      tiles.add(new Tile("Top-2 accuracy", Numbers.percent(share), "label first or second"));
    }
    tiles.add(new Tile("Loss", Numbers.decimal(4, evaluation.loss()), "mean"));
    double calibration = examination.calibration().expectedError();
    tiles.add(new Tile("Calibration error", Numbers.percent(calibration), "expected (ECE)"));
    if (trained) {
      String best = Numbers.epoch(report.curve().get(report.best()).epoch());
      int last = report.curve().size() - 1;
      String all = Numbers.epoch(report.curve().get(last).epoch());
      tiles.add(new Tile("Best epoch", best, "of " + all));
    }
    page.put("tiles", tiles);
  }

  private static void putCurve(Report report, Map<String, Object> page) {
    List<LearningPoint> curve = report.curve();
    page.put("hasCurve", !curve.isEmpty());
    page.put(
        "points",
        IntStream.range(0, curve.size())
            .mapToObj(i -> point(curve.get(i), i == report.best()))
            .toList());
    if (!curve.isEmpty()) {
      LearningPoint best = curve.get(report.best());
      page.put("bestEpoch", Numbers.epoch(best.epoch()));
      page.put("bestError", Numbers.percent(1 - best.accuracy()));
    }
  }

  private static Point point(LearningPoint point, boolean best) {
    return new Point(
        Numbers.epoch(point.epoch()),
        Numbers.decimal(4, point.trainLoss()),
        Numbers.percent(1 - point.trainAccuracy()),
        Numbers.decimal(4, point.loss()),
        Numbers.percent(point.accuracy()),
        Numbers.percent(1 - point.accuracy()),
        best);
  }

  private static void putTimes(Map<String, Double> seconds, Map<String, Object> page) {
    double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    page.put("hasTimes", !seconds.isEmpty());
    page.put("totalSeconds", Numbers.decimal(1, total));
    page.put(
        "times",
        seconds.entrySet().stream()
            .map(
                part ->
                    new Time(
                        part.getKey(),
                        Numbers.decimal(1, part.getValue()),
                        Numbers.percent(part.getValue() / total),
                        Numbers.decimal(4, part.getValue() / total)))
            .toList());
  }

  private static void putNetwork(Network network, Map<String, Object> page) {
    page.put("networkName", network.spec().name());
    page.put("inputShape", network.input().toString());
    page.put("lossName", network.spec().loss().name());
    page.put("parameterCount", Numbers.count(network.parameterCount()));
    page.put("layers", network.layers().stream().map(RunSections::layer).toList());
  }

  private static LayerRow layer(Layer layer) {
    int parameters = layer.tensors().stream().mapToInt(Tensor::size).sum();
    return new LayerRow(
        layer.name(),
        layer.getClass().getSimpleName(),
        layer.output().toString(),
        parameters == 0 ? "" : Numbers.count(parameters));
  }
}
