package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user gets of optimizers, schedules, validation and early stopping. */
class TrainingWaysTest {

  @TempDir private static Path data;

  @TempDir private Path folder;

  @BeforeAll
  static void makeData() throws IOException {
    IdxFiles.write(data, 60, 10, 28);
  }

  private Run train(String output, String... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("train", "--data=" + data, "--output=" + folder.resolve(output)));
    // By --set, so that tests can give others by flags.
    arguments.addAll(List.of("--set=batch-size=20", "--set=epochs=3"));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray());
  }

  private Map<String, Object> summary(String output) throws IOException {
    return Json.read(Files.readString(folder.resolve(output).resolve("summary.json")));
  }

  private List<Map<String, Object>> metrics(String output) throws IOException {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(output).resolve("metrics.jsonl"))) {
      lines.add(Json.read(line));
    }
    return lines;
  }

  @Test
  void rateIsSaidWhereItChanges() throws IOException {
    Run run = train("a", "--optimizer=adam", "--schedule=step", "--decay-after=2").succeeded();
    List<String> lines = run.err().lines().toList();
    assertTrue(lines.get(0).matches("epoch 1/3  train loss .* %  [0-9,]+ samples/s"), run.err());
    assertTrue(lines.get(2).matches("epoch 3/3 .* %  rate 0\\.000100  .*"), run.err());
    assertEquals(0.001, metrics("a").get(0).get("learningRate"));
    assertEquals(1e-4, (double) metrics("a").get(2).get("learningRate"), 1e-12);
    assertEquals(9L, metrics("a").get(2).get("iteration"));
    Map<?, ?> settings = (Map<?, ?>) summary("a").get("settings");
    assertEquals("adam", settings.get("optimizer"));
    assertEquals(0.001, summary("a").get("learningRate"));
  }

  /** Fifty samples are left: epochs of three minibatches. */
  @Test
  void whatIsHeldOutIsMeasuredAndTheTestDataAtTheEnd() throws IOException {
    Run run = train("a", "--validation=0.1667", "--evaluate-every=2 iterations").succeeded();
    List<String> lines = run.err().lines().toList();
    assertEquals(5, lines.size(), run.err());
    assertTrue(lines.get(0).startsWith("epoch 1/3  batch 2/3  train loss "), run.err());
    assertTrue(lines.get(0).contains("  validation error "), run.err());
    assertTrue(lines.get(2).startsWith("epoch 2/3  train loss "), run.err());
    Run.assertPieces(run.out(), "Test accuracy  ", "Validation     ", " of 50 samples");
    Map<String, Object> summary = summary("a");
    assertEquals(50L, summary.get("samples"));
    Map<String, Object> last = metrics("a").get(4);
    for (String key : List.of("validationLoss", "validationAccuracy", "validationError")) {
      assertEquals(last.get(key), summary.get(key));
    }
    assertTrue(summary.get("testLoss") instanceof Double);
    assertTrue(!last.containsKey("testLoss"));
  }

  @Test
  void validationDataMayBeOthers() throws IOException {
    Path other = IdxFiles.write(folder.resolve("other"), 5, 17, 28);
    Run run = train("a", "--validation=" + other).succeeded();
    Run.assertPieces(run.out(), " of 10), error", " of 17), error");
    train("b").succeeded();
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("a").resolve("model.safetensors")),
        Files.readAllBytes(folder.resolve("b").resolve("model.safetensors")));
    train("c", "--validation=" + folder.resolve("none"))
        .failedWith(3, "none: expected files or a folder, found nothing");
  }

  @Test
  void tooSmallAPartIsRefused() {
    train("a", "--validation=0.001")
        .failedWith(
            3, "validation: expected a part that leaves samples on both sides, found 0 of 60");
  }

  /** A tiny rate makes nothing better, once rounding has its say; a huge one makes it worse. */
  @Test
  void trainingThatGetsNoBetterIsEndedAndSaysSo() throws IOException {
    Run run =
        train("a", "--epochs=40", "--patience=2", "--monitor=accuracy", "--learning-rate=1e-9")
            .succeeded();
    assertEquals(3, run.err().lines().count(), run.err());
    Run.assertPieces(
        run.out(),
        "Training       3 epochs of 60 samples",
        "Best           test accuracy in epoch 1, iteration 3, ended by 2 measurements no better");
    assertEquals(true, summary("a").get("stoppedEarly"));
    assertEquals(3L, summary("a").get("modelIteration"));
    assertEquals(9L, summary("a").get("iterations"));
    assertEquals(metrics("a").get(0).get("testLoss"), summary("a").get("testLoss"));
  }

  @Test
  void runGoesOnFromACheckpointWithItsStateAndRefusesOtherSettings() throws IOException {
    String[] settings = {
      "--optimizer=nesterov", "--schedule=cosine", "--validation=0.2", "--patience=3"
    };
    train("a", settings).succeeded();
    String kept = "--checkpoint=" + folder.resolve("kept");
    train("b", with(settings, kept, "--checkpoint-every=2 iterations")).succeeded();
    Files.delete(folder.resolve("kept").resolve("checkpoint-00000000000009.safetensors"));
    Run resumed = train("c", with(settings, kept, "--resume")).succeeded();
    Run.assertPieces(resumed.err(), "resuming at epoch 3 of 3, iteration 3");
    for (String output : List.of("b", "c")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("a").resolve("model.safetensors")),
          Files.readAllBytes(folder.resolve(output).resolve("model.safetensors")));
    }
    train("d", with(settings, kept, "--resume", "--momentum=0.8"))
        .failedWith(2, "expected momentum = 0.8, as this run has, found 0.9");
    train("d", with(settings, kept, "--resume", "--epochs=4"))
        .failedWith(2, "expected epochs = 4, as this run has, found 3");
  }

  private static String[] with(String[] settings, String... more) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
