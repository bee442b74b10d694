package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.IdxReader;
import io.gradcast.engine.data.IdxWriter;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.engine.net.DataFacts;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.train.LocalTrainer;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run on images that have any number of labels: which of their quarters are bright. */
class SeveralLabelsTest {

  private static final int TRAIN = 120;
  private static final int TEST = 30;
  private static final int CLASSES = 4;

  /** It leaves to the data its input, its classes, and that there are several labels. */
  private static final String TEXT =
      """
      name = quarters
      layers = [
        { type = conv, maps = 4, kernel = 3 }, { type = relu }
        { type = dense, units = ${classes} } ]
      loss = binary-cross-entropy, class-weights = [1, 0.5, 2, 1]
      """;

  @TempDir private static Path folder;
  private static Path data;
  private static Path network;
  private static Path trained;
  private static LocalRun local;

  /** What one JVM makes of it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record LocalRun(byte[] model, Evaluation evaluation) {}

  @BeforeAll
  static void train() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
    write("train", TRAIN, 1);
    write("t10k", TEST, 2);
    network = Files.writeString(folder.resolve("quarters.net"), TEXT);
    trained = train("trained", "--partitions=3");
    local = trainLocally();
  }

  private static void write(String prefix, int count, long seed) throws IOException {
    Random random = new Random(seed);
    try (IdxWriter images =
            IdxWriter.images(
                Files.newOutputStream(file(prefix + "-images-idx3-ubyte")), count, 6, 6);
        IdxWriter labels =
            IdxWriter.labelSets(
                Files.newOutputStream(file(prefix + "-labels-idx2-ubyte")), count, CLASSES)) {
      for (int i = 0; i < count; i++) {
        byte[] set = new byte[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
          set[c] = (byte) random.nextInt(2);
        }
        byte[] image = new byte[36];
        for (int p = 0; p < image.length; p++) {
          boolean bright = set[p / 18 * 2 + p % 6 / 3] == 1;
          image[p] = (byte) (random.nextInt(120) + (bright ? 120 : 0));
        }
        images.write(image);
        labels.write(set);
      }
    }
  }

  private static Path file(String name) {
    return data.resolve(name);
  }

  private static Path train(String name, String... more) {
    Path output = folder.resolve(name);
    List<Object> arguments = new ArrayList<>(arguments(output));
    arguments.addAll(List.of(more));
    Run.of(arguments.toArray()).succeeded();
    return output;
  }

  private static List<Object> arguments(Path output) {
    return List.of(
        "train",
        "--data=" + data,
        "--network=" + network,
        "--output=" + output,
        // By --set, so that a test can give another by its flag.
        "--set=epochs=6",
        "--batch-size=7",
        "--learning-rate=0.3",
        "--seed=5");
  }

  private static LocalRun trainLocally() throws IOException {
    DataFacts facts = new DataFacts(new Shape(1, 6, 6), CLASSES, true);
    Network resolved = new Network(NetworkText.parse(TEXT, "quarters").resolve(facts));
    TrainingConfig config = new TrainingConfig(6, 7, 0.3, 5);
    Samples train = read("train", TRAIN);
    Samples test = read("t10k", TEST);
    try (LocalTrainer trainer = new LocalTrainer(resolved, config, train, test, 1)) {
      float[] parameters = trainer.train(TrainingListener.NONE).parameters();
      Model model =
          new Model(
              resolved,
              parameters,
              List.of("0", "1", "2", "3"),
              config.provenance(Fingerprint.of(train), TRAIN, Fingerprint.of(test)));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      SafeTensors.write(model, bytes);
      return new LocalRun(bytes.toByteArray(), trainer.evaluate(parameters));
    }
  }

  private static Samples read(String prefix, int count) throws IOException {
    try (IdxReader images =
            IdxReader.images(Files.newInputStream(file(prefix + "-images-idx3-ubyte")), "images");
        IdxReader labels =
            IdxReader.labelSets(
                Files.newInputStream(file(prefix + "-labels-idx2-ubyte")), "labels")) {
      return IdxReader.read(images, labels, 0, count);
    }
  }

  @Test
  void modelHasTheBytesOfOneJvmWhateverThePlacement() throws IOException {
    assertArrayEquals(local.model(), Files.readAllBytes(trained.resolve("model.safetensors")));
    Path tree = train("tree", "--exchange=tree", "--partitions=2");
    assertArrayEquals(local.model(), Files.readAllBytes(tree.resolve("model.safetensors")));
    assertTrue(local.evaluation().accuracy() > 0.5, "it has learnt something");
  }

  @Test
  void checkpointsAreGoneOnFrom() throws IOException {
    String kept = "--checkpoint=" + folder.resolve("kept");
    train("short", kept, "--epochs=2");
    Path resumed = train("resumed", kept, "--resume");
    assertArrayEquals(local.model(), Files.readAllBytes(resumed.resolve("model.safetensors")));
    assertEquals(
        Files.readString(trained.resolve("metrics.jsonl")).lines().map(this::known).toList(),
        Files.readString(resumed.resolve("metrics.jsonl")).lines().map(this::known).toList());
  }

  /** A line without what the clock says. */
  private String known(String line) {
    return line.replaceAll(",\"seconds\".*", "");
  }

  @Test
  void metricsAndSummaryHaveSharesOfAllLabels() throws IOException {
    List<String> lines = Files.readAllLines(trained.resolve("metrics.jsonl"));
    assertEquals(6, lines.size());
    Evaluation expected = local.evaluation();
    for (String json : List.of(lines.get(5), Files.readString(trained.resolve("summary.json")))) {
      Map<String, Object> found = Json.read(json);
      assertEquals(expected.accuracy(), found.get("testAccuracy"));
      assertEquals(expected.loss(), found.get("testLoss"));
      assertEquals(expected.microPrecision(), found.get("testMicroPrecision"));
      assertEquals(expected.microRecall(), found.get("testMicroRecall"));
      assertEquals(expected.microF1(), found.get("testMicroF1"));
      assertEquals(expected.macro(expected::precision), found.get("testMacroPrecision"));
      assertEquals(expected.macro(expected::recall), found.get("testMacroRecall"));
      assertEquals(expected.macro(expected::f1), found.get("testMacroF1"));
    }
  }

  @Test
  void evaluateCountsEachLabel() throws IOException {
    Path report = folder.resolve("evaluated.html");
    Run run =
        Run.of("evaluate", "--model=" + trained, "--data=" + data, "--report=" + report)
            .succeeded();
    Evaluation expected = local.evaluation();
    Run.assertPieces(
        run.out(), " (%d of %d)".formatted(expected.correct(), TEST), "Accuracy counts images");
    List<String> rows = run.out().lines().dropWhile(line -> !line.startsWith("Label ")).toList();
    for (int i = 0; i < CLASSES; i++) {
      String[] cells = rows.get(1 + i).strip().split("\\s+", -1);
      assertEquals(Integer.toString(i), cells[0]);
      assertEquals(expected.labelled(i), Long.parseLong(cells[1]));
      assertEquals(expected.hits(i), Long.parseLong(cells[2]));
      assertEquals(expected.labelled(i) - expected.hits(i), Long.parseLong(cells[3]));
      assertEquals(expected.predicted(i) - expected.hits(i), Long.parseLong(cells[4]));
      assertEquals(expected.f1(i), Double.parseDouble(cells[7]), 5e-5);
    }
    Run.assertPieces(rows.get(5), "all ", "%.4f".formatted(expected.microF1()));
    Run.assertPieces(rows.get(6), "mean ", "%.4f".formatted(expected.macro(expected::recall)));
    for (Path file : List.of(report, trained.resolve("report.html"))) {
      String page = Files.readString(file);
      Run.assertPieces(page, "test images with all labels right", "Micro F1", "Missed");
      assertTrue(!page.contains("id=\"confusion\"") && !page.contains("Top-2"), "of one label");
    }
  }

  @Test
  void predictionsAreTheNamesOfAllScoresAboveOneHalf() throws IOException {
    Path table = folder.resolve("table");
    Run.of("predict", "--model=" + trained, "--data=" + data, "--output=" + table, "--partitions=2")
        .succeeded();
    Samples test = read("t10k", TEST);
    int exact = 0;
    List<String> rows = rows(table);
    assertEquals(TEST, rows.size());
    for (int row = 0; row < TEST; row++) {
      String[] cells = rows.get(row).split(",", -1);
      List<String> predicted = new ArrayList<>();
      List<String> labels = new ArrayList<>();
      for (int i = 0; i < CLASSES; i++) {
        if (Float.parseFloat(cells[3 + i]) > 0.5f) {
          predicted.add(Integer.toString(i));
        }
        if (test.has(row, i)) {
          labels.add(Integer.toString(i));
        }
      }
      assertEquals(String.join("|", labels), cells[1].replace("\"", ""));
      assertEquals(String.join("|", predicted), cells[2].replace("\"", ""));
      exact += predicted.equals(labels) ? 1 : 0;
    }
    assertEquals(local.evaluation().correct(), exact);
  }

  /** By their ids. */
  private static List<String> rows(Path table) throws IOException {
    List<String> rows = new ArrayList<>();
    try (Stream<Path> parts = Files.list(table)) {
      for (Path part : parts.filter(it -> it.toString().endsWith(".csv")).toList()) {
        List<String> lines = Files.readAllLines(part);
        assertEquals("id,label,predicted,score_0,score_1,score_2,score_3", lines.get(0));
        rows.addAll(lines.subList(1, lines.size()));
      }
    }
    rows.sort(Comparator.comparing(row -> Integer.parseInt(row.substring(0, row.indexOf(',')))));
    return rows;
  }

  @Test
  void softmaxIsRefusedBeforeTraining() {
    List<Object> arguments = new ArrayList<>(arguments(folder.resolve("none")));
    arguments.add("--loss=softmax-cross-entropy");
    Run.of(arguments.toArray())
        .failedWith(
            2,
            "loss softmax-cross-entropy: expected one label a sample, found several;"
                + " binary-cross-entropy takes these");
  }

  @Test
  void labelsThatCannotBeAreShownWithTheirPlace() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    for (String name : List.of("t10k-images-idx3-ubyte", "t10k-labels-idx2-ubyte")) {
      Files.copy(file(name), other.resolve(name));
    }
    Path labels = other.resolve("t10k-labels-idx2-ubyte");
    IdxFiles.set(labels, 12 + 7, 2);
    Object[] evaluate = {"evaluate", "--model=" + trained, "--data=" + other};
    Run.of(evaluate)
        .failedWith(
            3, labels, ": expected 0 or 1, whether a sample has a label, at offset 19, found 2");
    IdxFiles.write(other.resolve("one"), TEST, TEST, 6);
    Run.of("evaluate", "--model=" + trained, "--data=" + other.resolve("one"))
        .failedWith(3, "expected several labels a sample, as the network takes, found one label");
    Files.copy(labels, other.resolve("t10k-labels-idx1-ubyte.gz"));
    Run.of(evaluate)
        .failedWith(
            3,
            "expected labels idx1, one a sample, or idx2, several, found both:"
                + " t10k-labels-idx1-ubyte.gz and t10k-labels-idx2-ubyte");
  }
}
