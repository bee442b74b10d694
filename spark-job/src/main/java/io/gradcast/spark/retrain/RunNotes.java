package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.Version;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.PairedCounts;
import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.source.Source;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what the record of a run tells, while the run goes its way. */
final class RunNotes {

  private final LocalDate date;
  private final RunState state;
  private final Optional<RunRecord> last;
  private final Desk desk;
  private final long fencing;
  private final List<String> warnings = new ArrayList<>();
  private RunRecord.Data data = RunRecord.Data.NONE;
  private RunRecord.Training training = RunRecord.Training.NONE;
  private RunRecord.Comparison comparison = RunRecord.Comparison.NONE;
  private boolean drifted;

  /**
   * @param last run whose data these are compared with
   * @param fencing number of the lock
   */
  RunNotes(LocalDate date, RunState state, Optional<RunRecord> last, Desk desk, long fencing) {
    this.date = date;
    this.state = state;
    this.last = last;
    this.desk = desk;
    this.fencing = fencing;
  }

  /** What a person should know, now and later. */
  void warn(String sentence) {
    desk.say("gradcast: " + sentence);
    warnings.add(sentence);
  }

  void leftOut(Source source) {
    if (source.bad() > 0) {
      warn(
          "data %s: %,d bad records are left out, which bad-records.csv of the version lists"
              .formatted(source.name(), source.bad()));
    }
  }

  void data(SparkTrainer trainer) {
    DataProfile profile =
        DataProfile.of(trainer.samples(), trainer.classes(), trainer.statistics());
    data =
        new RunRecord.Data(
            profile.samples(),
            trainer.testSamples(),
            profile.classes(),
            profile.counts(),
            profile.means(),
            profile.deviations(),
            state.identity(),
            trainer.provenance().dataFingerprint());
  }

  /** Compares the data with those of the last run. */
  void look(DriftLimits limits, boolean fails) {
    List<String> drift =
        profile(data).drift(last.map(it -> profile(it.data())).orElse(null), limits);
    if (drift.isEmpty()) {
      return;
    }
    if (fails) {
      drifted = true;
      throw new GradcastException(
          Kind.DATA,
          "data: %s; on-drift = warn trains all the same".formatted(String.join("; ", drift)));
    }
    drift.forEach(this::warn);
  }

  private static DataProfile profile(RunRecord.Data data) {
    return new DataProfile(
        data.samples(),
        data.classes(),
        data.classCounts(),
        data.pixelMeans(),
        data.pixelDeviations());
  }

  void trained(String version, TrainingResult result, long bytes, String sha256) {
    training =
        new RunRecord.Training(version, result.last().epoch(), result.seconds(), bytes, sha256);
  }

  void compared(Evaluation evaluation, Optional<PairedCounts> paired, Decision decision) {
    comparison =
        new RunRecord.Comparison(
            evaluation.accuracy(),
            paired.map(it -> (double) it.firstRight() / it.total()).orElse(Double.NaN),
            paired.map(PairedCounts::onlyFirst).orElse(0L),
            paired.map(PairedCounts::onlySecond).orElse(0L),
            paired.map(PairedCounts::pValue).orElse(Double.NaN),
            decision.json());
  }

  /**
   * The record of a run that ends so.
   *
   * @param former champion before it; empty where there was none
   */
  RunRecord record(Outcome outcome, int exitCode, String reason, String former) {
    long now = System.currentTimeMillis();
    return new RunRecord(
        state.runId(),
        date.toString(),
        state.started(),
        now,
        (now - state.started()) * 1e-3,
        state.starts() - 1,
        drifted ? Outcome.DRIFTED : outcome,
        exitCode,
        reason,
        warnings,
        outcome == Outcome.PROMOTED ? training.version() : former,
        former,
        fencing,
        data,
        training,
        comparison,
        Version.current());
  }
}
