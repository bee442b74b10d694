package io.gradcast.spark.report;

import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.model.Model;
import java.util.List;
import java.util.Map;

/**
 * What a report tells.
 *
 * @param evaluated the name of the data that the model was examined on, such as test
 * @param examination of the model on them
 * @param watched the name of the data that the curve is measured on
 * @param curve how training went; empty where that is not known
 * @param seconds spent on each part of the run, by its name; empty where that is not known
 * @param facts tables of names and values, by their titles, such as the settings
 */
public record Report(
    Model model,
    String evaluated,
    Examination examination,
    String watched,
    List<LearningPoint> curve,
    Map<String, Double> seconds,
    Map<String, Map<String, Object>> facts) {

  /** The place in the curve of the highest accuracy, the first of equals; -1 of no curve. */
  int best() {
    int best = -1;
    for (int i = 0; i < curve.size(); i++) {
      if (best < 0 || curve.get(i).accuracy() > curve.get(best).accuracy()) {
        best = i;
      }
    }
    return best;
  }
}
