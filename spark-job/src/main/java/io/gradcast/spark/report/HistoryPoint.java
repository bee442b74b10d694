package io.gradcast.spark.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run in a history of runs, each of which trains a model that may become the champion. Texts
 * that a run does not have are empty, measurements NaN.
 *
 * @param run what it is called, as no other
 * @param date in ISO form
 * @param outcome in a word
 * @param promoted whether its model became the champion
 * @param reason for the outcome, one sentence
 * @param version of its model
 * @param champion version of the champion after it
 * @param accuracy of its model on the held-out data, from 0 to 1
 * @param championAccuracy of the champion before it, on the same data
 * @param pValue that a difference like theirs is chance
 * @param samples it trained on
 * @param classCounts of them, by the names of the classes in their order; empty if unknown
 * @param seconds it took
 */
public record HistoryPoint(
    String run,
    String date,
    String outcome,
    boolean promoted,
    String reason,
    String version,
    String champion,
    double accuracy,
    double championAccuracy,
    double pValue,
    long samples,
    Map<String, Long> classCounts,
    double seconds) {

  /** Copies the counts, in their order. */
  public HistoryPoint {
    classCounts = Collections.unmodifiableMap(new LinkedHashMap<>(classCounts));
  }

  /** Whether it came to a model whose accuracy was measured. */
  boolean measured() {
    return !Double.isNaN(accuracy);
  }

  /** Of the champion after the run, as the run measured it, or NaN. */
  double accuracyOfChampion() {
    return promoted ? accuracy : championAccuracy;
  }
}
