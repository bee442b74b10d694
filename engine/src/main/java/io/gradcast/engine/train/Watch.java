package io.gradcast.engine.train;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Interval;
import io.gradcast.engine.eval.Monitor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * When a training is measured, and what follows from it: early stopping (Prechelt, "Early stopping
 * - but when?", 1998), which ends a training after so many measurements in a row that were no
 * better than the best before them, and gives the parameters of the best.
 *
 * @param every how often, counted from the start of the training; there is one at its end, too
 * @param monitor what is better
 * @param patience so many measurements; 0 for no early stopping
 * @param keepsBest whether the best parameters are what the training gives, and not the last; with
 *     early stopping they always are
 */
public record Watch(Interval every, Monitor monitor, int patience, boolean keepsBest) {

  /** After each epoch, whatever comes of it. */
  public static final Watch EPOCHS = new Watch(Interval.EPOCH, Monitor.LOSS, 0);

  public Watch {
    GradcastException.require(patience >= 0, "patience", "an integer of 0 or more", patience);
    keepsBest |= patience > 0;
  }

  /** Gives the last parameters where there is no early stopping. */
  public Watch(Interval every, Monitor monitor, int patience) {
    this(every, monitor, patience, false);
  }

  /** The same, but the best parameters are what the training gives. */
  public Watch keepingBest() {
    return new Watch(every, monitor, patience, true);
  }

  /**
   * The best of some measurements: the first of equals.
   *
   * @param monitored their values, at least one; the lower, the better
   */
  static int best(List<Double> monitored) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < monitored.size(); i++) {
      if (monitored.get(i) < least) {
        least = monitored.get(i);
        best = i;
      }
    }
    return best;
  }

  /** Whether the training ends after these measurements. */
  boolean stops(List<Double> monitored) {
    return patience > 0
        && !monitored.isEmpty()
        && monitored.size() - 1 - best(monitored) >= patience;
  }

  /** By the keys of the settings. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("evaluate-every", every.toString());
    settings.put("monitor", monitor.name().toLowerCase(Locale.ROOT));
    settings.put("patience", (long) patience);
    if (keepsBest && patience == 0) {
      settings.put("keep-best", "true");
    }
    return settings;
  }
}
