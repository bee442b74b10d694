package io.gradcast.spark.cli;

import io.gradcast.engine.Sha256;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.report.ReportPage;
import io.gradcast.spark.store.Models;
import io.gradcast.spark.store.Publication;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * What a training leaves: model.safetensors, metrics.jsonl, summary.json, report.html, and a table
 * to read.
 */
final class TrainingOutput {

  private static final String METRICS = "metrics.jsonl";
  private static final String SUMMARY = "summary.json";

  private final Model model;
  private final TrainingResult result;
  private final Evaluation test;
  private final boolean validates;
  private final String watched;
  private final ExchangeKind exchange;
  private final String modelSha256;

  private TrainingOutput(
      Model model,
      SparkTrainer trainer,
      TrainingResult result,
      ExchangeKind exchange,
      String modelSha256) {
    this.model = model;
    this.result = result;
    test = trainer.test(result);
    validates = trainer.validates();
    watched = trainer.watched();
    this.exchange = exchange;
    this.modelSha256 = modelSha256;
  }

  /** Writes the files of a training. */
  static TrainingOutput write(
      Publication publication,
      SparkTrainer trainer,
      TrainingResult result,
      ExchangeKind exchange,
      TrainingReport report) {
    Model model = trainer.model(result);
    MessageDigest sha256 = Sha256.digest();
    publication.write(
        Models.FILE, out -> SafeTensors.write(model, new DigestOutputStream(out, sha256)));
    TrainingOutput output =
        new TrainingOutput(
            model, trainer, result, exchange, HexFormat.of().formatHex(sha256.digest()));
    publication.write(METRICS, out -> out.write(utf8(output.metrics())));
    publication.write(SUMMARY, out -> out.write(utf8(Json.write(output.summary()) + "\n")));
    byte[] page = ReportPage.write(report.of(model, result, trainer.watched(), output.modelSha256));
    publication.write(ReportPage.FILE, out -> out.write(page));
    return output;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String metrics() {
    StringBuilder lines = new StringBuilder();
    for (Measurement measurement : result.measurements()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("epoch", measurement.epoch());
      line.put("iteration", measurement.iteration());
      line.put("learningRate", measurement.learningRate());
      line.put("trainLoss", measurement.trainLoss());
      line.put("trainAccuracy", measurement.trainAccuracy());
      put(line, watched, measurement.evaluation());
      line.put("seconds", measurement.seconds());
      line.put("samplesPerSecond", measurement.samplesPerSecond());
      lines.append(Json.write(line)).append('\n');
    }
    return lines.toString();
  }

  private static void put(Map<String, Object> object, String data, Evaluation evaluation) {
    object.put(data + "Loss", evaluation.loss());
    object.put(data + "Accuracy", evaluation.accuracy());
    object.put(data + "Error", evaluation.error());
    if (evaluation.severalLabels()) {
      object.put(data + "MicroPrecision", evaluation.microPrecision());
      object.put(data + "MicroRecall", evaluation.microRecall());
      object.put(data + "MicroF1", evaluation.microF1());
      object.put(data + "MacroPrecision", evaluation.macro(evaluation::precision));
      object.put(data + "MacroRecall", evaluation.macro(evaluation::recall));
      object.put(data + "MacroF1", evaluation.macro(evaluation::f1));
    }
  }

  private Map<String, Object> summary() {
    Provenance provenance = model.provenance();
    Map<String, Object> summary = new LinkedHashMap<>();
    put(summary, "test", test);
    if (validates) {
      put(summary, "validation", result.kept().evaluation());
    }
    summary.put("trainLoss", result.kept().trainLoss());
    summary.put("trainAccuracy", result.kept().trainAccuracy());
    summary.put("network", model.network().spec().name());
    summary.put("parameters", model.network().parameterCount());
    summary.put("samples", provenance.samples());
    summary.put("epochs", provenance.epochs());
    summary.put("iterations", result.iterations());
    summary.put("stoppedEarly", result.stoppedEarly());
    summary.put("modelIteration", result.kept().iteration());
    summary.put("batchSize", provenance.batchSize());
    summary.put("learningRate", provenance.learningRate());
    summary.put("seed", provenance.seed());
    summary.put("settings", provenance.settings());
    summary.put("trainSeconds", result.seconds());
    summary.put("samplesPerSecond", result.samplesPerSecond());
    summary.put("overheadShare", result.overheadShare());
    summary.put("exchange", exchangeName());
    summary.put("dataFingerprint", provenance.dataFingerprint());
    summary.put("modelSha256", modelSha256);
    summary.put("gradcastVersion", provenance.version());
    summary.put("kernels", Kernels.best().description());
    summary.put("javaVersion", System.getProperty("java.version"));
    return summary;
  }

  private String exchangeName() {
    return exchange.name().toLowerCase(Locale.ROOT);
  }

  private static String accuracy(Evaluation evaluation) {
    return "%.2f %% (%,d of %,d), error %.2f %%"
        .formatted(
            100 * evaluation.accuracy(),
            evaluation.correct(),
            evaluation.samples(),
            100 * evaluation.error());
  }

  /** Whose weights are kept, and what ended the training, where measurements decide that. */
  private String stop() {
    Map<String, Object> settings = model.provenance().settings();
    if (settings.getOrDefault("patience", 0L).equals(0L)) {
      return "";
    }
    String measure = watched + " " + settings.get("monitor");
    String stopped =
        result.stoppedEarly()
            ? ", ended by %s measurements no better".formatted(settings.get("patience"))
            : "";
    return "Best           %s in epoch %d, iteration %,d%s%n"
        .formatted(measure, result.kept().epoch(), result.kept().iteration(), stopped);
  }

  /** The end of a run, for a person. */
  String table(Path folder) {
    return """

        Test accuracy  %s
        %sTraining       %,d epochs of %,d samples in %.1f s: %,.0f samples/s, overhead %.0f %%
        %sExchange       %s
        Kernels        %s
        Report         %s
        Model          %s
        SHA-256        %s
        """
            .formatted(
                accuracy(test),
                validates
                    ? "Validation     %s%n".formatted(accuracy(result.kept().evaluation()))
                    : "",
                result.last().epoch(),
                model.provenance().samples(),
                result.seconds(),
                result.samplesPerSecond(),
                100 * result.overheadShare(),
                stop(),
                exchangeName(),
                Kernels.best().description(),
                new Path(folder, ReportPage.FILE),
                new Path(folder, Models.FILE),
                modelSha256)
        + Advice.of(result, model.provenance().batchSize(), model.provenance().samples(), exchange);
  }
}
