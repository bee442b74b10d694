package io.gradcast.spark.retrain;

import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.report.LearningPoint;
import io.gradcast.spark.report.Report;
import io.gradcast.spark.report.ReportPage;
import io.gradcast.spark.source.RejectedList;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.store.Models;
import io.gradcast.spark.store.Publication;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a version: model, metrics and report. They depend on the data and the settings
 * alone, and not on when and where they were made; times and machines are in the record of the run.
 */
final class VersionFiles {

  private static final String METRICS = "metrics.jsonl";

  private VersionFiles() {}

  /** A model's file, in memory: it is hashed before it is written. */
  static byte[] model(Model model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      SafeTensors.write(model, out);
    } catch (IOException e) {
      throw new UncheckedIOException("a ByteArrayOutputStream does not fail", e);
    }
    return out.toByteArray();
  }

  /**
   * All files by their names.
   *
   * @param watched which data were measured in the course of the training, in a word
   * @param settings of the training, by their keys
   * @param sources of which records may have been left out
   */
  static Map<String, Publication.Content> of(
      byte[] modelFile,
      Model model,
      TrainingResult result,
      Examination examination,
      String watched,
      Map<String, Object> settings,
      Collection<Source> sources) {
    byte[] metrics = metrics(result, watched).getBytes(StandardCharsets.UTF_8);
    byte[] report = report(model, result, examination, watched, settings);
    Map<String, Publication.Content> files = new LinkedHashMap<>();
    files.put(Models.FILE, out -> out.write(modelFile));
    files.put(METRICS, out -> out.write(metrics));
    files.put(ReportPage.FILE, out -> out.write(report));
    if (sources.stream().anyMatch(source -> source.bad() > 0)) {
      files.put(RejectedList.FILE, out -> RejectedList.write(sources, out));
    }
    return files;
  }

  private static String metrics(TrainingResult result, String watched) {
    StringBuilder lines = new StringBuilder();
    for (Measurement measurement : result.measurements()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("epoch", measurement.epoch());
      line.put("iteration", measurement.iteration());
      line.put("learningRate", measurement.learningRate());
      line.put("trainLoss", measurement.trainLoss());
      line.put("trainAccuracy", measurement.trainAccuracy());
      line.put(watched + "Loss", measurement.evaluation().loss());
      line.put(watched + "Accuracy", measurement.evaluation().accuracy());
      lines.append(Json.write(line)).append('\n');
    }
    return lines.toString();
  }

  private static byte[] report(
      Model model,
      TrainingResult result,
      Examination examination,
      String watched,
      Map<String, Object> settings) {
    Map<String, Map<String, Object>> facts = new LinkedHashMap<>();
    facts.put("Settings", settings);
    facts.put("Provenance", model.provenance().fields());
    long minibatches = (model.provenance().samples() - 1) / model.provenance().batchSize() + 1;
    List<LearningPoint> points =
        result.measurements().stream().map(it -> LearningPoint.of(it, minibatches)).toList();
    return ReportPage.write(
        new Report(model, "test", examination, watched, points, Map.of(), facts));
  }
}
