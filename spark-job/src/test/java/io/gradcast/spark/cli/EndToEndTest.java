package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run: images are made, a network is trained on them, evaluated and applied. */
@Tag("newer")
class EndToEndTest {

  private static final int TEST = 100;
  private static final String HEADER =
      "id,label,predicted,"
          + IntStream.range(0, 10).mapToObj(i -> "score_" + i).collect(Collectors.joining(","));
  private static final String SCHEMA =
      HEADER
          .replaceAll("score_\\d", "$0 float")
          .replaceAll("label|predicted", "$0 string")
          .replace("id,", "id long,");

  @TempDir private static Path folder;
  private static Path data;
  private static Path trained;
  private static Run training;

  @BeforeAll
  static void train() {
    data = folder.resolve("data");
    Run.of("synth", "--output", data, "--train", 300, "--test", TEST).succeeded();
    trained = folder.resolve("trained");
    training =
        Run.of("train", "--data", data, "--output", trained, "--epochs", 2, "--seed", 5)
            .succeeded();
  }

  private static Map<String, Object> summary() throws IOException {
    return Json.read(Files.readString(trained.resolve("summary.json")));
  }

  @Test
  void trainingLeavesItsFilesAndNothingElse() throws IOException {
    assertEquals(
        Set.of("model.safetensors", "metrics.jsonl", "summary.json", "report.html"),
        Outputs.names(trained));
    assertTrue(
        Outputs.names(folder).stream().noneMatch(name -> name.startsWith(".")),
        () -> "hidden leftovers beside the output");
  }

  @Test
  void metricsHaveALineAnEpoch() throws IOException {
    List<String> lines = Files.readAllLines(trained.resolve("metrics.jsonl"));
    assertEquals(2, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      Map<String, Object> epoch = Json.read(lines.get(i));
      assertEquals((long) (i + 1), epoch.get("epoch"));
      for (String key :
          List.of(
              "trainLoss", "trainAccuracy", "testLoss", "testAccuracy", "testError", "seconds")) {
        assertTrue(epoch.get(key) instanceof Double, key + " in " + lines.get(i));
      }
    }
    Map<String, Object> last = Json.read(lines.get(1));
    for (String key :
        List.of("trainLoss", "trainAccuracy", "testLoss", "testAccuracy", "testError")) {
      assertEquals(last.get(key), summary().get(key), key);
    }
    assertNotEquals(Json.read(lines.get(0)).get("trainLoss"), last.get("trainLoss"));
  }

  @Test
  void summaryTellsTheRun() throws IOException {
    Map<String, Object> summary = summary();
    assertAll(
        () -> assertEquals(2L, summary.get("epochs")),
        () -> assertEquals(12L, summary.get("iterations")),
        () -> assertEquals(50L, summary.get("batchSize")),
        () -> assertEquals(5L, summary.get("seed")),
        () -> assertEquals(300L, summary.get("samples")),
        () -> assertEquals(3898L, summary.get("parameters")),
        () -> assertEquals("zhang", summary.get("network")));
    for (String key : List.of("trainSeconds", "samplesPerSecond", "overheadShare")) {
      assertTrue(summary.get(key) instanceof Double value && value >= 0, key);
    }
    double error = (double) summary.get("testError");
    assertEquals(1, error + (double) summary.get("testAccuracy"), 1e-12);
    assertEquals(Math.rint(error * TEST), error * TEST, 1e-9, "an error of whole images");
  }

  @Test
  void summaryAndTableNameTheModelByItsHash() throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(Files.readAllBytes(trained.resolve("model.safetensors")));
    String hex = HexFormat.of().formatHex(hash);
    assertEquals(hex, summary().get("modelSha256"));
    Run.assertPieces(training.out(), hex, trained.resolve("model.safetensors"));
  }

  @Test
  void reportTellsTheTrainingAndTheTableWhereItIs() throws IOException {
    Path file = trained.resolve("report.html");
    Run.assertPieces(training.out(), "Report         file:" + file);
    String page = Files.readString(file);
    long correct = Math.round(TEST * (double) summary().get("testAccuracy"));
    Run.assertPieces(
        page,
        "%d of %d test images right; 10 classes, 3,898 parameters".formatted(correct, TEST),
        "id=\"curves\"",
        "id=\"time\"",
        "<dt>epochs</dt><dd>2</dd>",
        "<dt>modelSha256</dt><dd>%s</dd>".formatted(summary().get("modelSha256")));
    assertTrue(page.length() < 1_500_000, "a report of " + page.length() + " characters");
  }

  @Test
  void evaluateWritesAReportWhereItIsAskedTo() throws IOException {
    Path file = folder.resolve("evaluated.html");
    Run plain = Run.of("evaluate", "--model", trained, "--data", data).succeeded();
    Run run = Run.of("evaluate", "--model", trained, "--data", data, "--report", file).succeeded();
    assertEquals(plain.out() + "%nReport    file:%s%n".formatted(file), run.out());
    String page = Files.readString(file);
    Run.assertPieces(page, "Gradcast evaluation report", "of 100 test images right");
    Run.of("evaluate", "--model", trained, "--data", data, "--report", file)
        .failedWith(5, "report file:" + file + ": expected nothing there, found a file");
    Run.of(
            "evaluate",
            "--model=" + trained,
            "--data=" + data,
            "--report=" + file,
            "--overwrite",
            "--partitions=3")
        .succeeded();
    assertEquals(page, Files.readString(file), "the same bytes for any placement");
  }

  @Test
  void trainingTellsEachEpochOnStandardError() {
    List<String> lines = training.err().lines().toList();
    assertEquals(2, lines.size(), training.err());
    assertTrue(lines.get(0).startsWith("epoch 1/2  train loss "), training.err());
    assertTrue(lines.get(1).startsWith("epoch 2/2  train loss "), training.err());
  }

  @Test
  void secondTrainingWithOverwriteGivesTheSameModel() throws IOException {
    Path again = Outputs.earlier(folder.resolve("again"));
    Run.of(
            "train",
            "--data=" + data,
            "--output=" + again,
            "--overwrite",
            "--epochs=2",
            "--seed=5",
            "--partitions=3")
        .succeeded();
    assertEquals(
        -1,
        Files.mismatch(trained.resolve("model.safetensors"), again.resolve("model.safetensors")));
    assertEquals(Outputs.names(trained), Outputs.names(again));
  }

  @Test
  void evaluateAgreesWithTheSummary() throws IOException {
    Run run = Run.of("evaluate", "--model", trained, "--data", data).succeeded();
    assertEquals("", run.err());
    double accuracy = (double) summary().get("testAccuracy");
    Run.assertPieces(
        run.out(),
        "Accuracy  %.2f %% (%d of %d)".formatted(100 * accuracy, Math.round(TEST * accuracy), TEST),
        "Error     %.2f %%".formatted(100 * (1 - accuracy)),
        "Loss      %.5f".formatted((double) summary().get("testLoss")));
    int cells =
        run.out()
            .lines()
            .dropWhile(line -> !line.startsWith("Label (row)"))
            .skip(2)
            .flatMap(row -> Stream.of(row.strip().split("\\s+")).skip(1))
            .filter(cell -> !cell.equals("."))
            .mapToInt(Integer::parseInt)
            .sum();
    assertEquals(TEST, cells, "images in the table of labels and predictions");
  }

  @Test
  void evaluateMeasuresTheSplitThatIsAskedFor() {
    Run run =
        Run.of("evaluate", "--model", trained, "--data", data, "--split", "train").succeeded();
    Run.assertPieces(run.out(), " of 300)");
  }

  @Test
  void predictWritesARowAnImageHoweverItIsPartedAndFormatted() throws IOException {
    Map<Long, List<String>> table = predict("csv", 1);
    assertEquals(table, predict("csv", 3));
    assertEquals(table, predict("json", 2));
    assertEquals(table, predict("parquet", 3));
    byte[] labels = IdxFiles.unpacked(data.resolve("t10k-labels-idx1-ubyte.gz"));
    int correct = 0;
    for (long id = 0; id < TEST; id++) {
      List<String> row = table.get(id);
      assertEquals(12, row.size(), "label, prediction and a score a class");
      List<Float> scores = row.stream().skip(2).map(Float::valueOf).toList();
      int predicted = scores.indexOf(Collections.max(scores));
      assertEquals(Integer.toString(labels[8 + (int) id]), row.get(0), "label of " + id);
      assertEquals(Integer.toString(predicted), row.get(1), "prediction of " + id);
      correct += predicted == labels[8 + (int) id] ? 1 : 0;
    }
    assertEquals(TEST, table.size());
    assertEquals((double) summary().get("testAccuracy"), (double) correct / TEST);
  }

  /** Predictions by the id of the image: its label, the class, then the scores. */
  private static Map<Long, List<String>> predict(String format, int partitions) throws IOException {
    Path output = folder.resolve(format + partitions);
    Run run =
        Run.of(
                "predict",
                "--model=" + trained,
                "--data=" + data,
                "--output-format=" + format,
                "--output=" + output,
                "--partitions=" + partitions)
            .succeeded();
    assertEquals("100 predictions in file:%s%n".formatted(output), run.out());
    List<Path> parts = new ArrayList<>();
    for (String name : Outputs.names(output)) {
      if (!name.equals("_SUCCESS")) {
        assertTrue(name.matches("part-.*\\." + format), name);
        parts.add(output.resolve(name));
      }
    }
    assertEquals(partitions, parts.size());
    List<List<String>> rows = format.equals("csv") ? csv(parts) : table(format, output);
    Map<Long, List<String>> table = new TreeMap<>();
    for (List<String> row : rows) {
      long id = Long.parseLong(row.get(0));
      assertNull(table.put(id, row.subList(1, row.size())), () -> id + " is there twice");
    }
    return table;
  }

  private static List<List<String>> csv(List<Path> parts) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (Path part : parts) {
      List<String> lines = Files.readAllLines(part);
      assertEquals(HEADER, lines.get(0));
      lines.stream().skip(1).forEach(line -> rows.add(List.of(line.split(",", -1))));
    }
    return rows;
  }

  private static List<List<String>> table(String format, Path output) throws IOException {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      Dataset<Row> table = spark.read().schema(SCHEMA).format(format).load(output.toString());
      return table.collectAsList().stream()
          .map(
              row ->
                  IntStream.range(0, row.size())
                      .mapToObj(column -> row.get(column).toString())
                      .toList())
          .toList();
    }
  }
}
