package io.gradcast.spark.retrain;

import io.gradcast.spark.report.HistoryPage;
import io.gradcast.spark.report.HistoryPoint;
import io.gradcast.spark.retrain.RunRecord.Data;
import io.gradcast.spark.store.StoreFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The history of a model store as a page to look at. */
public final class History {

  private static final String FILE = "history.html";

  private History() {}

  /** Writes the page into the store that the runs are of, in the place of an earlier one. */
  static void publish(StoreFolder store, List<RunRecord> runs) {
    store.write(FILE, page(store.root().getName(), runs));
  }

  /**
   * The page, in UTF-8.
   *
   * @param title what the runs are of
   * @param runs the earliest first, at least one
   */
  public static byte[] page(String title, List<RunRecord> runs) {
    return HistoryPage.write(title, runs.stream().map(History::point).toList());
  }

  static HistoryPoint point(RunRecord run) {
    return new HistoryPoint(
        run.runId(),
        run.runDate(),
        run.outcome().text(),
        run.outcome() == Outcome.PROMOTED,
        run.reason(),
        run.training().version(),
        run.champion(),
        run.comparison().accuracy(),
        run.comparison().championAccuracy(),
        run.comparison().pValue(),
        run.data().samples(),
        classCounts(run.data()),
        run.seconds());
  }

  private static Map<String, Long> classCounts(Data data) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < data.classes().size(); i++) {
      counts.merge(data.classes().get(i), data.classCounts().get(i), Long::sum);
    }
    return counts;
  }
}
