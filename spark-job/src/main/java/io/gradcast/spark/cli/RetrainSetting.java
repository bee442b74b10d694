package io.gradcast.spark.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The settings of a retraining, once, beside those of the training in it. */
enum RetrainSetting implements Key {
  STORE("store", "URI", "", "folder of the versions of the model, on HDFS or a disk"),
  RUN_DATE(
      "run-date",
      "DATE",
      "",
      "date that the run is for, as 2026-11-24, which is its name; from the scheduler. Empty: today"),
  WINDOW(
      "window",
      "DAYS",
      "1",
      "how many days end with run-date: data, query, test and validation may have {date} for"
          + " run-date, {first} for the first day and {window} for a pattern of all of them"),
  FORCE("force", "BOOLEAN", "false", "train again where a run of the date is finished"),
  WARM_START("warm-start", "BOOLEAN", "false", "begin with the champion's weights"),
  MAX_DURATION(
      "max-duration",
      "DURATION",
      "",
      "training ends after so long at the best model so far, as \"2 hours\". Empty: at its end"),
  RETRIES(
      "retry-with-lower-rate",
      "N",
      "0",
      "how often training that diverges begins anew, each time with half the learning rate"),
  MIN_SAMPLES("min-samples", "N", "0", "fewer training samples are drift"),
  DRIFT_SAMPLES(
      "drift-samples", "PART", "0.5", "by what part their number may differ from the last run's"),
  DRIFT_CLASSES(
      "drift-classes",
      "PART",
      "0.1",
      "what part of them may be of other classes than in the last run, beside what chance does"),
  DRIFT_PIXELS(
      "drift-pixels",
      "D",
      "0.5",
      "how far a channel's mean may move, and its deviation change, in deviations of the last run"),
  ON_DRIFT("on-drift", "fail|warn", "fail", "what follows from more than that, or other classes"),
  MIN_ACCURACY("min-accuracy", "A", "0", "least accuracy of a champion on the test data, 0 to 1"),
  MIN_RECALL(
      "min-recall", "R", "0", "least part of each class's test images that it finds, from 0 to 1"),
  MIN_CLASS_RECALL(
      "min-class-recall", "LIST", "", "the same of single classes, as [\"3: 0.9\", \"8: 0.8\"]"),
  SIGNIFICANCE(
      "significance",
      "P",
      "0.05",
      "a challenger that makes more mistakes than the champion stays outside where the p value of"
          + " McNemar's exact test is below this. 0: never, 1: always"),
  MAX_MODEL_BYTES("max-model-bytes", "N", "", "largest model file. Empty: any"),
  MAX_MILLIS(
      "max-millis",
      "MS",
      "",
      "most milliseconds that an image may take, alone on one thread of the driver. Empty: any"),
  KEEP("keep", "N", "10", "how many versions stay; the champion always does"),
  LOCK_TIMEOUT(
      "lock-timeout",
      "DURATION",
      "2 minutes",
      "a run on another machine that gives no sign of life for so long is dead, and its lock is"
          + " taken over"),
  KEPT_EXIT_CODE("kept-exit-code", "CODE", "0", "what to exit with where the champion stays"),
  ON_SUCCESS(
      "on-success",
      "LIST",
      "",
      "program and arguments to run after a run that promoted or kept, as [\"notify\", \"done\"]"),
  ON_FAILURE("on-failure", "LIST", "", "the same after any other run");

  /** What a training has and a retraining decides by itself. */
  private static final Set<Setting> OF_TRAINING_ALONE =
      EnumSet.of(
          Setting.OUTPUT,
          Setting.OVERWRITE,
          Setting.CHECKPOINT,
          Setting.RESUME,
          Setting.TENSORBOARD);

  private final String key;
  private final String label;
  private final String defaultValue;
  private final String help;

  RetrainSetting(String key, String label, String defaultValue, String help) {
    this.key = key;
    this.label = label;
    this.defaultValue = defaultValue;
    this.help = help;
  }

  /** These and those of the training. */
  static List<Key> all() {
    List<Key> all = new ArrayList<>(List.of(values()));
    all.addAll(EnumSet.complementOf(EnumSet.copyOf(OF_TRAINING_ALONE)));
    return Collections.unmodifiableList(all);
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public String defaultValue() {
    return defaultValue;
  }

  @Override
  public String help() {
    return help;
  }

  @Override
  public boolean isSwitch() {
    return this == FORCE || this == WARM_START;
  }
}
