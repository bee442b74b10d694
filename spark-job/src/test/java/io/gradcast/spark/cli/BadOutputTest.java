package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.spark.store.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Outputs that cannot be, and trainings that fail on the way: one sentence, an earlier output as it
 * was, and nothing half made.
 */
class BadOutputTest {

  private static final String SYSTEM = "spark.hadoop." + FaultyFileSystem.KEY;

  @TempDir private static Path shared;
  private static Path data;
  private static Path model;

  @TempDir private Path folder;

  @BeforeAll
  static void train() throws IOException {
    System.setProperty(SYSTEM, FaultyFileSystem.class.getName());
    FaultyFileSystem.heal();
    data = IdxFiles.write(shared.resolve("data"), 40, 10, 28);
    Path output = shared.resolve("trained");
    Run.of("train", "--data", data, "--output", output, "--epochs", 1).succeeded();
    model = output.resolve("model.safetensors");
  }

  @AfterAll
  static void forget() {
    System.clearProperty(SYSTEM);
  }

  @BeforeEach
  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @Test
  void earlierOutputIsRefusedWithoutOverwrite() throws IOException {
    Path earlier = Outputs.earlier(folder.resolve("out"));
    String sentence = "output file:" + earlier + ": expected nothing there, found an earlier";
    Run.of("train", "--data", data, "--output", earlier).failedWith(5, sentence, "--overwrite");
    Run.of("predict", "--model", model, "--data", data, "--output", earlier)
        .failedWith(5, sentence, "--overwrite");
    Run.of("synth", "--output", earlier).failedWith(5, sentence, "--overwrite");
    Outputs.assertEarlier(earlier);
    Outputs.assertNothingBeside(folder, "out");
  }

  @Test
  void outputBelowAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    Path output = file.resolve("out");
    String sentence = output + ": expected to write there, found: Parent path is not a directory";
    Run.of("train", "--data", data, "--output", output).failedWith(5, sentence);
    Run.of("predict", "--model", model, "--data", data, "--output", output).failedWith(5, sentence);
    Run.of("synth", "--output", output).failedWith(5, sentence);
    Run.of("evaluate", "--model", model, "--data", data, "--report", output)
        .failedWith(5, "report " + output + ": expected to write there, found: Destination exists");
    assertEquals("text", Files.readString(file));
    Outputs.assertNothingBeside(folder, "file");
  }

  @Test
  void trainingThatDoesNotFitOnTheDiskLeavesTheEarlierOutput() throws IOException {
    Path earlier = Outputs.earlier(folder.resolve("out"));
    FaultyFileSystem.leaveSpace(10_000); // less than the model
    Run.of(
            "train",
            "--data=" + data,
            "--output=" + FaultyFileSystem.uri(earlier),
            "--overwrite",
            "--epochs=1",
            "--partitions=1")
        .failedAtTheEndWith(
            5, "output faulty:" + earlier + ": expected to write there, found: No space left");
    Outputs.assertEarlier(earlier);
    Outputs.assertNothingBeside(folder, "out");
  }

  @Test
  void predictionsThatDoNotFitOnTheDiskLeaveTheEarlierOutput() throws IOException {
    Path earlier = Outputs.earlier(folder.resolve("out"));
    FaultyFileSystem.leaveSpace(100);
    Run.of(
            "predict",
            "--model=" + model,
            "--data=" + data,
            "--output=" + FaultyFileSystem.uri(earlier),
            "--overwrite")
        .failedWith(
            5, "output faulty:" + earlier + ": expected to write there, found: No space left");
    Outputs.assertEarlier(earlier);
    Outputs.assertNothingBeside(folder, "out");
  }

  @Test
  void reportThatDoesNotFitOnTheDiskLeavesTheEarlierOne() throws IOException {
    Path earlier = Files.writeString(folder.resolve("report.html"), "earlier");
    FaultyFileSystem.leaveSpace(1000);
    Run.of(
            "evaluate",
            "--model=" + model,
            "--data=" + data,
            "--report=" + FaultyFileSystem.uri(earlier),
            "--overwrite")
        .failedWith(
            5, "report faulty:" + earlier + ": expected to write there, found: No space left");
    assertEquals("earlier", Files.readString(earlier));
    Outputs.assertNothingBeside(folder, "report.html");
  }

  @Test
  void reportDoesNotReplaceAFolder() throws IOException {
    Path earlier = Outputs.earlier(folder.resolve("out"));
    Run.of("evaluate", "--model", model, "--data", data, "--report", earlier, "--overwrite")
        .failedWith(5, "report file:" + earlier + ": expected nothing there, found a folder");
    Outputs.assertEarlier(earlier);
    Outputs.assertNothingBeside(folder, "out");
  }

  @Test
  void divergedTrainingNamesWhereAndLeavesTheEarlierOutput() throws IOException {
    Path earlier = Outputs.earlier(folder.resolve("out"));
    Run.of(
            "train",
            "--data=" + data,
            "--output=" + earlier,
            "--overwrite",
            "--batch-size=10",
            "--learning-rate=1e300")
        .failedWith(
            6,
            "training diverged at epoch 1, iteration 2, layer ",
            ": expected gradients of at most",
            "try a smaller learning rate");
    Outputs.assertEarlier(earlier);
    Outputs.assertNothingBeside(folder, "out");
  }
}
