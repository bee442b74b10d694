package io.gradcast.spark.report;

import com.samskivert.mustache.Mustache;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a history of runs as one HTML page: {@code history.html} filled. */
public final class HistoryPage {

  /** The file's name in a model store. */
  public static final String FILE = "history.html";

  private HistoryPage() {}

  private record Tile(String name, String value, String note) {}

  private record Row(
      String run,
      String mark,
      String kind,
      String outcome,
      String accuracy,
      String championAccuracy,
      String pValue,
      String samples,
      String duration,
      String version,
      String reason) {}

  /**
   * The page, in UTF-8.
   *
   * @param title what the runs are of
   * @param points the earliest first, at least one
   */
  public static byte[] write(String title, List<HistoryPoint> points) {
    HistoryPoint last = points.get(points.size() - 1);
    List<Row> rows = new ArrayList<>(points.stream().map(HistoryPage::row).toList());
    Collections.reverse(rows);
    Map<String, Object> page = new HashMap<>();
    page.put("title", title);
    page.put("lastRun", last.run());
    page.put("lastOutcome", last.outcome());
    page.put("lastReason", last.reason());
    page.put("tiles", tiles(points, last));
    page.put("rows", rows);
    page.put("runs", points.size() == 1 ? "1 run" : Numbers.count(points.size()) + " runs");
    page.put("hasClasses", points.stream().anyMatch(point -> !point.classCounts().isEmpty()));
    page.put("css", Resources.text("report.css"));
    Charts.put("history.js", HistoryData.of(points), page);
    // Whatever is put in with two braces is escaped.
    String html = Mustache.compiler().compile(Resources.text("history.html")).execute(page);
    return html.getBytes(StandardCharsets.UTF_8);
  }

  private static Row row(HistoryPoint point) {
    String mark = point.promoted() ? "◆" : point.measured() ? "○" : "×";
    String kind = point.promoted() ? "promoted" : point.measured() ? "measured" : "missing";
    return new Row(
        point.run(),
        mark,
        kind,
        point.outcome(),
        Numbers.percent(point.accuracy()),
        Numbers.percent(point.championAccuracy()),
        Numbers.probability(point.pValue()),
        point.samples() == 0 ? Numbers.NONE : Numbers.count(point.samples()),
        Numbers.duration(point.seconds()),
        point.version().isEmpty() ? Numbers.NONE : point.version(),
        point.reason());
  }

  private static List<Tile> tiles(List<HistoryPoint> points, HistoryPoint last) {
    double accuracy = Double.NaN;
    String measured = "";
    String since = "";
    for (HistoryPoint point : points) {
      boolean same = point.champion().equals(last.champion());
      if (same && !Double.isNaN(point.accuracyOfChampion())) {
        accuracy = point.accuracyOfChampion();
        measured = "measured " + point.date();
      }
      if (same && point.promoted()) {
        since = "since " + point.date();
      }
    }
    double[] seconds =
        points.stream()
            .mapToDouble(HistoryPoint::seconds)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    boolean timed = seconds.length > 0;
    return List.of(
        new Tile("Champion", last.champion().isEmpty() ? "none" : last.champion(), since),
        new Tile("Champion’s accuracy", Numbers.percent(accuracy), measured),
        new Tile(
            "Runs",
            Numbers.count(points.size()),
            Numbers.count(points.stream().filter(HistoryPoint::promoted).count()) + " promoted"),
        new Tile(
            "Without a result",
            Numbers.count(points.stream().filter(point -> !point.measured()).count()),
            "no model compared"),
        new Tile(
            "Usual duration",
            timed ? Numbers.duration(seconds[seconds.length / 2]) : Numbers.NONE,
            timed ? "longest " + Numbers.duration(seconds[seconds.length - 1]) : ""));
  }
}
