package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Interval;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.retrain.DriftLimits;
import io.gradcast.spark.retrain.Gate;
import io.gradcast.spark.retrain.Hook;
import io.gradcast.spark.retrain.Plan;
import io.gradcast.spark.source.DataSpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a retraining is to do, from the settings. */
final class RetrainPlan {

  /** Settings in which days may stand. */
  private static final List<Setting> DATED =
      List.of(Setting.DATA, Setting.QUERY, Setting.TEST, Setting.VALIDATION);

  private enum OnDrift {
    FAIL,
    WARN
  }

  private final Settings settings;
  private final LocalDate date;

  private RetrainPlan(Settings settings) {
    this.settings = settings;
    date = date();
  }

  static Plan of(Settings settings) {
    return new RetrainPlan(settings).plan();
  }

  private LocalDate date() {
    if (!settings.has(RetrainSetting.RUN_DATE)) {
      return LocalDate.now(ZoneId.systemDefault());
    }
    try {
      return LocalDate.parse(settings.text(RetrainSetting.RUN_DATE));
    } catch (DateTimeException e) {
      throw GradcastException.usage(
          "run-date: expected a date such as 2026-11-24, found "
              + settings.text(RetrainSetting.RUN_DATE));
    }
  }

  private Plan plan() {
    if (!settings.has(RetrainSetting.STORE)) {
      throw GradcastException.usage("store: expected where the models are kept, found nothing");
    }
    return new Plan(
        settings.text(RetrainSetting.STORE),
        date,
        settings.flag(RetrainSetting.FORCE),
        training(),
        settings.flag(RetrainSetting.WARM_START),
        optional(RetrainSetting.MAX_DURATION),
        settings.integer(RetrainSetting.RETRIES, 0),
        limits(),
        settings.choice(RetrainSetting.ON_DRIFT, OnDrift.class) == OnDrift.FAIL,
        gate(),
        settings.integer(RetrainSetting.KEEP, 1),
        settings.duration(RetrainSetting.LOCK_TIMEOUT),
        settings.integer(RetrainSetting.KEPT_EXIT_CODE, 0),
        new Hook(settings.list(RetrainSetting.ON_SUCCESS)),
        new Hook(settings.list(RetrainSetting.ON_FAILURE)));
  }

  private Optional<Duration> optional(Key setting) {
    return settings.has(setting) ? Optional.of(settings.duration(setting)) : Optional.empty();
  }

  private DriftLimits limits() {
    return new DriftLimits(
        settings.integer(RetrainSetting.MIN_SAMPLES, 0),
        settings.number(RetrainSetting.DRIFT_SAMPLES),
        settings.number(RetrainSetting.DRIFT_CLASSES),
        settings.number(RetrainSetting.DRIFT_PIXELS));
  }

  private Gate gate() {
    return new Gate(
        settings.number(RetrainSetting.MIN_ACCURACY),
        settings.number(RetrainSetting.MIN_RECALL),
        classRecalls(),
        settings.number(RetrainSetting.SIGNIFICANCE),
        settings.has(RetrainSetting.MAX_MODEL_BYTES)
            ? settings.integer(RetrainSetting.MAX_MODEL_BYTES, 1)
            : Long.MAX_VALUE,
        settings.has(RetrainSetting.MAX_MILLIS)
            ? settings.number(RetrainSetting.MAX_MILLIS)
            : Double.POSITIVE_INFINITY);
  }

  private Map<String, Double> classRecalls() {
    Map<String, Double> recalls = new LinkedHashMap<>();
    for (String entry : settings.list(RetrainSetting.MIN_CLASS_RECALL)) {
      int colon = entry.lastIndexOf(':');
      try {
        recalls.put(
            entry.substring(0, colon).strip(), Double.parseDouble(entry.substring(colon + 1)));
      } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
        throw GradcastException.usage(
            "min-class-recall: expected entries such as \"3: 0.9\", found \"%s\"".formatted(entry));
      }
    }
    return recalls;
  }

  private Plan.Training training() {
    DATED.forEach(setting -> settings.put(setting, dated(settings.text(setting))));
    DataSpec data = DataSettings.of(settings);
    List<String> places = new ArrayList<>();
    if (data.query().isEmpty()) {
      places.add(data.uri());
    }
    for (Setting setting : List.of(Setting.TEST, Setting.VALIDATION)) {
      if (TrainingSettings.isData(settings, setting)) {
        places.add(settings.text(setting));
      }
    }
    return new Plan.Training(
        TrainingSettings.of(settings),
        storage -> Networks.load(storage, settings),
        places,
        sources -> TrainingSources.open(sources, data, settings),
        ofModel(),
        settings.has(Setting.CHECKPOINT_EVERY)
            ? Interval.parse(
                Setting.CHECKPOINT_EVERY.key(), settings.text(Setting.CHECKPOINT_EVERY))
            : Interval.EPOCH,
        settings.integer(Setting.PARTITIONS, 0),
        settings.choice(Setting.EXCHANGE, ExchangeKind.class),
        settings.integer(Setting.TREE_DEPTH, 0));
  }

  /** With the days of the window in it. */
  private String dated(String text) {
    int days = settings.integer(RetrainSetting.WINDOW, 1);
    LocalDate first = date.minusDays(days - 1L);
    String all =
        IntStream.range(0, days)
            .mapToObj(i -> first.plusDays(i).toString())
            .collect(Collectors.joining(","));
    return text.replace("{date}", date.toString())
        .replace("{first}", first.toString())
        .replace("{window}", days == 1 ? all : "{" + all + "}");
  }

  /** The settings that have a part in the model. */
  private Map<String, Object> ofModel() {
    Map<String, Object> given = settings.given();
    for (RetrainSetting setting : RetrainSetting.values()) {
      if (setting != RetrainSetting.WARM_START) {
        given.remove(setting.key());
      }
    }
    for (Setting setting :
        List.of(
            Setting.CHECKPOINT_EVERY, Setting.PARTITIONS, Setting.EXCHANGE, Setting.TREE_DEPTH)) {
      given.remove(setting.key());
    }
    return given;
  }
}
