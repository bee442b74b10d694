package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.store.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user gets of checkpoints; {@link KilledTest} has runs that need them. */
class CheckpointingTest {

  private static final String SYSTEM = "spark.hadoop." + FaultyFileSystem.KEY;
  private static final String THIRD = "checkpoint-00000000000003.safetensors";
  private static final String LAST = "checkpoint-00000000000004.safetensors";

  @TempDir private static Path shared;
  private static Path data;

  /** Of a run of two epochs of two minibatches: one in the second epoch and one at the end. */
  private static Path kept;

  private static byte[] model;

  @TempDir private Path folder;
  private Path checkpoints;

  @BeforeAll
  static void train() throws IOException {
    System.setProperty(SYSTEM, FaultyFileSystem.class.getName());
    FaultyFileSystem.heal();
    data = IdxFiles.write(shared.resolve("data"), 40, 10, 28);
    kept = shared.resolve("kept");
    Path output = shared.resolve("out");
    Run run =
        train(output, 2, "--checkpoint=" + kept, "--checkpoint-every=3 iterations").succeeded();
    assertTrue(run.err().lines().allMatch(line -> line.startsWith("epoch ")), run.err());
    assertEquals(Set.of(THIRD, LAST), Outputs.names(kept), "in a folder with a name they stay");
    model = model(output);
  }

  private static Run train(Object output, int epochs, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("train", "--output=" + output));
    // By --set, so that tests can give others by flags.
    arguments.addAll(
        List.of("--set=data=" + data, "--set=batch-size=20", "--set=epochs=" + epochs));
    arguments.addAll(Arrays.asList(more));
    return Run.of(arguments.toArray());
  }

  private static byte[] model(Path output) throws IOException {
    return Files.readAllBytes(output.resolve("model.safetensors"));
  }

  @AfterAll
  static void forget() {
    System.clearProperty(SYSTEM);
  }

  @BeforeEach
  void copy() throws IOException {
    FaultyFileSystem.heal();
    checkpoints = Files.createDirectory(folder.resolve("checkpoints"));
    for (String name : List.of(THIRD, LAST)) {
      Files.copy(kept.resolve(name), checkpoints.resolve(name));
    }
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  private Run resume(int epochs, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("--resume", "--checkpoint=" + checkpoints));
    arguments.addAll(Arrays.asList(more));
    return train(folder.resolve("out"), epochs, arguments.toArray());
  }

  private static String first(Run run) {
    return run.err().lines().findFirst().orElse("");
  }

  @Test
  void withoutASettingForThemThereAreNone() throws IOException {
    train(folder.resolve("out"), 1).succeeded();
    Outputs.assertNothingBeside(folder, "checkpoints", "out");
  }

  @Test
  void resumeStartsWhereThereIsNoCheckpointAndTakesThoseBesideTheOutputAwayAtTheEnd()
      throws IOException {
    Path output = folder.resolve("out");
    Run run = train(output, 2, "--resume").succeeded();
    assertEquals(
        "no checkpoint in file:%s.checkpoints: starting at epoch 1 of 2".formatted(output),
        first(run));
    assertEquals(3, run.err().lines().count(), run.err());
    assertArrayEquals(model, model(output));
    Outputs.assertNothingBeside(folder, "checkpoints", "out");
  }

  @Test
  void finishedRunIsOnlyPublishedAgain() throws IOException {
    Run run = resume(2).succeeded();
    assertEquals("resuming at the end of epoch 2 of 2", run.err().strip());
    assertArrayEquals(model, model(folder.resolve("out")));
    assertEquals(2, Files.readAllLines(folder.resolve("out").resolve("metrics.jsonl")).size());
    assertEquals(Set.of(THIRD, LAST), Outputs.names(checkpoints));
  }

  @Test
  void moreEpochsGiveTheBytesOfALongerRun() throws IOException {
    Run run = resume(4).succeeded();
    assertEquals("resuming at epoch 3 of 4, iteration 1", first(run));
    train(folder.resolve("longer"), 4).succeeded();
    assertArrayEquals(model(folder.resolve("longer")), model(folder.resolve("out")));
    assertEquals(
        Set.of("checkpoint-00000000000006.safetensors", "checkpoint-00000000000008.safetensors"),
        Outputs.names(checkpoints),
        "after each epoch, where nothing else is said");
  }

  @Test
  void damagedNewestIsNamedAndTheOneBeforeItGoneOnFrom() throws IOException {
    IdxFiles.set(checkpoints.resolve(LAST), 5000, 77);
    Run run = resume(2).succeeded();
    List<String> lines = run.err().lines().toList();
    Run.assertPieces(
        lines.get(0), "gradcast: checkpoint file:", LAST, "; taking the one before it");
    assertEquals("resuming at epoch 2 of 2, iteration 2", lines.get(1));
    assertArrayEquals(model, model(folder.resolve("out")));
    assertArrayEquals(
        Files.readAllBytes(kept.resolve(THIRD)), Files.readAllBytes(checkpoints.resolve(THIRD)));
  }

  @Test
  void damagedOnesAloneAreRefused() throws IOException {
    IdxFiles.truncate(checkpoints.resolve(THIRD), 100);
    IdxFiles.truncate(checkpoints.resolve(LAST), 1000);
    resume(2).failedWith(4, LAST, "found", "; no earlier checkpoint can be read");
    assertEquals(Set.of(THIRD, LAST), Outputs.names(checkpoints));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--batch-size=10 | expected batch-size = 10, as this run has, found 20",
        "--learning-rate=0.5 | expected learning-rate = 0.5, as this run has, found 1.0",
        "--seed=2 | expected seed = 2, as this run has, found 1",
        "--epochs=1 | expected a position within epochs = 1, found one in epoch 2",
        "--network=zhang-wide | expected the network of this run, with ...",
      })
  void anotherRunsCheckpointIsRefusedWithWhatDiffers(String flag, String sentence)
      throws IOException {
    resume(2, flag).failedWith(2, "checkpoint file:" + checkpoints.resolve(LAST), sentence);
    assertEquals(Set.of(THIRD, LAST), Outputs.names(checkpoints));
    Outputs.assertNothingBeside(folder, "checkpoints");
  }

  @Test
  void otherDataAreRefused() throws IOException {
    Path other = IdxFiles.write(folder.resolve("other"), 41, 10, 28);
    resume(2, "--data=" + other)
        .failedWith(
            3,
            LAST + ": expected 41 samples of fingerprint ",
            ", as the training data are, found a run on 40 samples of fingerprint ");
  }

  @Test
  void checkpointsOfAnEarlierRunAreRefusedWithoutResume() throws IOException {
    train(folder.resolve("out"), 2, "--checkpoint=" + checkpoints)
        .failedWith(
            5,
            "checkpoint file:" + checkpoints + ": expected none there yet, found those of an",
            "--resume",
            "--overwrite");
    assertEquals(Set.of(THIRD, LAST), Outputs.names(checkpoints));
    Outputs.assertNothingBeside(folder, "checkpoints");
  }

  @Test
  void overwriteDeletesThemAndStartsAnew() throws IOException {
    Path output = folder.resolve("out");
    train(output, 1, "--checkpoint=" + checkpoints, "--overwrite", "--seed=5").succeeded();
    assertEquals(Set.of("checkpoint-00000000000002.safetensors"), Outputs.names(checkpoints));
  }

  @Test
  void checkpointsInTheOutputAreRefused() {
    Path output = folder.resolve("out");
    train(output, 1, "--checkpoint=" + output.resolve("kept"))
        .failedWith(2, "checkpoint: expected a folder outside of the output, found file:");
  }

  @Test
  void checkpointThatDoesNotFitOnTheDiskEndsTheRunAndTheOneBeforeItStays() throws IOException {
    Path output = folder.resolve("out");
    Object uri = FaultyFileSystem.uri(output);
    FaultyFileSystem.leaveSpace(Files.size(kept.resolve(THIRD)) * 3 / 2);
    train(uri, 2, "--checkpoint-every=1 epoch")
        .failedAtTheEndWith(
            5,
            "checkpoint faulty:"
                + output
                + ".checkpoints: expected to write there, found: No space");
    assertEquals(
        Set.of("checkpoint-00000000000002.safetensors"),
        Outputs.names(folder.resolve("out.checkpoints")));
    FaultyFileSystem.heal();
    Run resumed = train(uri, 2, "--resume").succeeded();
    assertEquals("resuming at epoch 2 of 2, iteration 1", first(resumed));
    assertArrayEquals(model, model(output));
    Outputs.assertNothingBeside(folder, "checkpoints", "out");
  }
}
