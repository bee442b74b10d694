package io.gradcast.spark.cli;

import io.gradcast.engine.Sha256;
import io.gradcast.engine.eval.EpochMetrics;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.engine.train.TrainingResult;
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
  private final ExchangeKind exchange;
  private final String modelSha256;

  private TrainingOutput(
      Model model, TrainingResult result, ExchangeKind exchange, String modelSha256) {
    this.model = model;
    this.result = result;
    this.exchange = exchange;
    this.modelSha256 = modelSha256;
  }

  /** Writes the files of a training. */
  static TrainingOutput write(
      Publication publication,
      Model model,
      TrainingResult result,
      ExchangeKind exchange,
      TrainingReport report) {
    MessageDigest sha256 = Sha256.digest();
    publication.write(
        Models.FILE, out -> SafeTensors.write(model, new DigestOutputStream(out, sha256)));
    TrainingOutput output =
        new TrainingOutput(model, result, exchange, HexFormat.of().formatHex(sha256.digest()));
    publication.write(METRICS, out -> out.write(utf8(output.metrics())));
    publication.write(SUMMARY, out -> out.write(utf8(Json.write(output.summary()) + "\n")));
    byte[] page = ReportPage.write(report.of(model, result, output.modelSha256));
    publication.write(ReportPage.FILE, out -> out.write(page));
    return output;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String metrics() {
    StringBuilder lines = new StringBuilder();
    for (EpochMetrics epoch : result.epochs()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("epoch", epoch.epoch());
      line.put("trainLoss", epoch.trainLoss());
      line.put("testLoss", epoch.test().loss());
      line.put("testAccuracy", epoch.test().accuracy());
      line.put("testError", epoch.test().error());
      line.put("seconds", epoch.seconds());
      line.put("samplesPerSecond", epoch.samplesPerSecond());
      lines.append(Json.write(line)).append('\n');
    }
    return lines.toString();
  }

  private Map<String, Object> summary() {
    Provenance provenance = model.provenance();
    Evaluation test = result.last().test();
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("testAccuracy", test.accuracy());
    summary.put("testError", test.error());
    summary.put("testLoss", test.loss());
    summary.put("trainLoss", result.last().trainLoss());
    summary.put("network", model.network().spec().name());
    summary.put("parameters", model.network().parameterCount());
    summary.put("samples", provenance.samples());
    summary.put("epochs", provenance.epochs());
    summary.put("iterations", result.iterations());
    summary.put("batchSize", provenance.batchSize());
    summary.put("learningRate", provenance.learningRate());
    summary.put("seed", provenance.seed());
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

  /** The end of a run, for a person. */
  String table(Path folder) {
    Evaluation test = result.last().test();
    return """

        Test accuracy  %.2f %% (%,d of %,d), error %.2f %%
        Training       %,d epochs of %,d samples in %.1f s: %,.0f samples/s, overhead %.0f %%
        Exchange       %s
        Kernels        %s
        Report         %s
        Model          %s
        SHA-256        %s
        """
            .formatted(
                100 * test.accuracy(),
                test.correct(),
                test.samples(),
                100 * test.error(),
                model.provenance().epochs(),
                model.provenance().samples(),
                result.seconds(),
                result.samplesPerSecond(),
                100 * result.overheadShare(),
                exchangeName(),
                Kernels.best().description(),
                new Path(folder, ReportPage.FILE),
                new Path(folder, Models.FILE),
                modelSha256)
        + Advice.of(result, model.provenance().batchSize(), model.provenance().samples(), exchange);
  }
}
