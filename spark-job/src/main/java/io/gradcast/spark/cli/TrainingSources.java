package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.ValidationSplit;
import io.gradcast.spark.source.DataSources;
import io.gradcast.spark.source.DataSpec;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.source.Part;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.source.Sources;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The data to train on, to validate and to test, from the settings. */
final class TrainingSources {

  /** Held out where nobody says anything of test data, and the data have no such part. */
  private static final double USUAL_TEST_PART = 0.1;

  private TrainingSources() {}

  static Sources open(DataSources data, DataSpec spec, Settings settings) {
    Source all = data.open(spec, Split.TRAIN, List.of());
    requireClasses(all, spec.tolerance().skips());
    Optional<Source> validation = other(data, spec, settings, Setting.VALIDATION, all);
    Optional<Source> test = other(data, spec, settings, Setting.TEST, all);
    if (test.isEmpty() && !settings.has(Setting.TEST) && data.hasPart(spec, Split.TEST)) {
      test = Optional.of(data.open(spec, Split.TEST, all.classes()));
    }
    if (test.isPresent()) {
      return new Sources(all, validation, test.get());
    }
    double part =
        settings.has(Setting.TEST)
            ? TrainingSettings.part(settings, Setting.TEST)
            : USUAL_TEST_PART;
    ValidationSplit split = ValidationSplit.forTest(settings.seed(), all.count(), part);
    return new Sources(Part.training(all, split), validation, Part.heldOut(all, split));
  }

  /** Data that a setting names. */
  private static Optional<Source> other(
      DataSources data, DataSpec spec, Settings settings, Setting setting, Source train) {
    return TrainingSettings.isData(settings, setting)
        ? Optional.of(data.open(spec.withUri(settings.text(setting)), Split.TEST, train.classes()))
        : Optional.empty();
  }

  /** That there is something to tell apart, and samples of each kind. */
  private static void requireClasses(Source train, boolean bears) {
    List<String> empty = empty(train);
    if (!train.severalLabels() && train.classes().size() - empty.size() < 2) {
      throw GradcastException.data(
          "%s: expected samples of two classes or more, found only %s"
              .formatted(train.labels(), train.classes()));
    }
    if (!empty.isEmpty() && !bears) {
      throw GradcastException.data(
          "%s: expected samples of every class, found none of %s; on-bad-record = skip trains all the same"
              .formatted(train.labels(), String.join(", ", empty)));
    }
  }

  private static List<String> empty(Source train) {
    long[] samples = train.samplesPerClass();
    return IntStream.range(0, samples.length)
        .filter(i -> samples[i] == 0)
        .mapToObj(train.classes()::get)
        .toList();
  }
}
