package io.gradcast.spark.cli;

import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.report.LearningPoint;
import io.gradcast.spark.report.Report;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkContext;

/** Collects what the report of a training tells, while the training goes its way. */
final class TrainingReport {

  private final Settings settings;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final Map<String, Object> run = new LinkedHashMap<>();
  private Examination examination;
  private long last = System.nanoTime();

  /** At the start of the run, which is when time begins to count. */
  TrainingReport(Settings settings) {
    this.settings = settings;
  }

  private double lap() {
    long now = System.nanoTime();
    double passed = (now - last) * 1e-9;
    last = now;
    return passed;
  }

  void started(SparkContext context) {
    seconds.put("Starting Spark", lap());
    run.put("Spark", context.version());
    run.put("Master", context.master());
    run.put("Java", System.getProperty("java.version"));
    run.put("Kernels", Kernels.best().description());
  }

  void dataRead() {
    seconds.put("Reading the data", lap());
  }

  /** Parts what passed into the training that the result tells of, and the rest. */
  void trained(TrainingResult result, CheckpointPlan plan, ExchangeKind exchange) {
    double earlier = plan.from().map(state -> state.nanos() * 1e-9).orElse(0.0);
    seconds.put("Arithmetic", result.seconds() * (1 - result.overheadShare()));
    seconds.put("Exchange and waiting", result.seconds() * result.overheadShare());
    seconds.put("Evaluation and checkpoints", lap() - (result.seconds() - earlier));
    run.put("Exchange", exchange.name().toLowerCase(Locale.ROOT));
    run.put("Iterations", result.iterations());
    run.put("Samples a second", result.samplesPerSecond());
  }

  void examined(Examination newExamination) {
    examination = newExamination;
    seconds.put("Examination for this report", lap());
  }

  /**
   * The report.
   *
   * @param watched which data were measured in the course of the training, in a word
   */
  Report of(Model model, TrainingResult result, String watched, String modelSha256) {
    Map<String, Object> provenance = new LinkedHashMap<>(model.provenance().fields());
    provenance.put("modelSha256", modelSha256);
    Map<String, Map<String, Object>> facts = new LinkedHashMap<>();
    facts.put("Settings", settings.given());
    facts.put("Provenance", provenance);
    facts.put("Run", run);
    Provenance from = model.provenance();
    long minibatches = (from.samples() - 1) / from.batchSize() + 1;
    return new Report(
        model,
        "test",
        examination,
        watched,
        result.measurements().stream().map(it -> LearningPoint.of(it, minibatches)).toList(),
        seconds,
        facts);
  }
}
