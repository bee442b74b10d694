package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.PairedCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a challenger has to be to become champion. A rule that is not set, 0 or infinite, lets
 * everything through.
 *
 * @param minAccuracy on the held-out data, from 0 to 1
 * @param minRecall the part of each class's images that are found, from 0 to 1
 * @param classRecalls the same for single classes, by their names
 * @param significance how unlikely chance must be before a challenger with more mistakes than the
 *     champion counts as worse: below this p value of McNemar's exact test
 * @param maxBytes of the model's file
 * @param maxMillis that one image takes on one thread of the driver
 */
public record Gate(
    double minAccuracy,
    double minRecall,
    Map<String, Double> classRecalls,
    double significance,
    long maxBytes,
    double maxMillis) {

  public Gate {
    requirePart("min-accuracy", minAccuracy);
    requirePart("min-recall", minRecall);
    classRecalls.values().forEach(recall -> requirePart("min-class-recall", recall));
    requirePart("significance", significance);
    GradcastException.require(maxBytes > 0, "max-model-bytes", "a number above 0", maxBytes);
    GradcastException.require(maxMillis > 0, "max-millis", "a number above 0", maxMillis);
  }

  private static void requirePart(String key, double value) {
    GradcastException.require(value >= 0 && value <= 1, key, "a number from 0 to 1", value);
  }

  /** Whether it has to be known how long an image takes. */
  boolean limitsTime() {
    return maxMillis < Double.POSITIVE_INFINITY;
  }

  /**
   * A challenger as it was measured.
   *
   * @param evaluation on the held-out data
   * @param classes their names
   * @param paired with the champion, which is the first; none where there is no champion
   * @param bytes of the model's file
   * @param millis that an image takes; not a number where nobody asks
   */
  record Challenger(
      Evaluation evaluation,
      List<String> classes,
      Optional<PairedCounts> paired,
      long bytes,
      double millis) {}

  /** Applies all rules. */
  Decision decide(Challenger challenger) {
    List<Decision.Rule> rules = new ArrayList<>();
    Evaluation evaluation = challenger.evaluation();
    if (minAccuracy > 0) {
      rules.add(
          rule(
              "min-accuracy",
              evaluation.accuracy() >= minAccuracy,
              "an accuracy of %s or more".formatted(minAccuracy),
              number(evaluation.accuracy())));
    }
    addRecalls(rules, challenger);
    challenger.paired().ifPresent(paired -> rules.add(noWorse(paired)));
    if (maxBytes < Long.MAX_VALUE) {
      rules.add(
          rule(
              "max-model-bytes",
              challenger.bytes() <= maxBytes,
              "%,d bytes at most".formatted(maxBytes),
              "%,d".formatted(challenger.bytes())));
    }
    if (limitsTime()) {
      rules.add(
          rule(
              "max-millis",
              challenger.millis() <= maxMillis,
              "%s ms an image at most".formatted(maxMillis),
              number(challenger.millis())));
    }
    return new Decision(rules, challenger.paired().isPresent());
  }

  private void addRecalls(List<Decision.Rule> rules, Challenger challenger) {
    Map<String, Double> floors = new LinkedHashMap<>();
    for (String name : challenger.classes()) {
      floors.put(name, classRecalls.getOrDefault(name, minRecall));
    }
    for (String name : classRecalls.keySet()) {
      GradcastException.require(
          floors.containsKey(name), "min-class-recall", "classes of the data", name);
    }
    for (int i = 0; i < challenger.classes().size(); i++) {
      String name = challenger.classes().get(i);
      double floor = floors.get(name);
      double recall = challenger.evaluation().recall(i);
      if (floor > 0) {
        rules.add(
            // Of a class without held-out images nothing is known: false of NaN.
            rule(
                "min-recall of " + name,
                recall >= floor,
                "%s or more of its images found".formatted(floor),
                Double.isNaN(recall) ? "no image of it in the held-out data" : number(recall)));
      }
    }
  }

  private Decision.Rule noWorse(PairedCounts paired) {
    boolean fewer = paired.secondRight() < paired.firstRight();
    return rule(
        "significance",
        !(fewer && paired.pValue() < significance),
        "no worse than the champion beyond chance (p below %s)".formatted(significance),
        "%,d right, the champion %,d of %,d; %,d only by the challenger, %,d only by the champion, p = %s"
            .formatted(
                paired.secondRight(),
                paired.firstRight(),
                paired.total(),
                paired.onlySecond(),
                paired.onlyFirst(),
                number(paired.pValue())));
  }

  private static Decision.Rule rule(String name, boolean holds, String expected, String found) {
    return new Decision.Rule(name, holds, expected, found);
  }

  private static String number(double value) {
    return "%.4g".formatted(value);
  }
}
