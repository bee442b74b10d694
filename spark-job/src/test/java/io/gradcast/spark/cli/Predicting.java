package io.gradcast.spark.cli;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.spark.score.SmallModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Predictions of a small model by the command, read back. */
final class Predicting {

  static final int COUNT = 60;
  static final Samples SAMPLES = SmallModel.digits(COUNT);
  static final Model MODEL = SmallModel.of(false, 7);
  static final List<String> PREDICTIONS = SmallModel.predictions(MODEL, SAMPLES);

  private Predicting() {}

  static Path writeModel(Path folder) throws IOException {
    Path model = folder.resolve("model.safetensors");
    try (OutputStream file = Files.newOutputStream(model)) {
      SafeTensors.write(MODEL, file);
    }
    return model;
  }

  /** Predicts as JSON. */
  static Run with(Path model, Path data, Path output, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                "--model=" + model,
                "--data=" + data,
                "--output=" + output,
                "--output-format=json"));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray());
  }

  /** The rows of the output, in the order of its files. */
  static List<Map<String, Object>> rows(Path output) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String line : lines(output, ".json")) {
      rows.add(Json.read(line));
    }
    return rows;
  }

  /** The lines of the files of a kind, in the order of their names. */
  static List<String> lines(Path folder, String suffix) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(it -> it.toString().endsWith(suffix)).sorted().toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  /** Those of an output, with what is carried through. */
  static List<String> columns(String... carried) {
    return Stream.concat(
            Stream.of(carried),
            Stream.concat(
                Stream.of("predicted"), MODEL.classes().stream().map(name -> "score_" + name)))
        .toList();
  }
}
