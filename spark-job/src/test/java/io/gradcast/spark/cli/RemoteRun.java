package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.store.RemoteFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A whole run with all of its files somewhere else is the run that it is on local disks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RemoteRun {

  private static final Path DIGITS = Path.of("..", "src-test-data", "digits");

  @TempDir private static Path folder;
  private static Path local;
  private RemoteFiles remote;

  /** Starts the file system, with its files in a folder. */
  abstract RemoteFiles start(Path there) throws IOException;

  @BeforeAll
  void trainOnBoth() throws IOException {
    local = folder.resolve("local");
    train(DIGITS, local, folder.resolve("checkpoints"));
    remote = start(folder.resolve("remote"));
    train(remote.upload(DIGITS, "/digits"), remote.uri("/runs/1"), remote.uri("/checkpoints"));
  }

  @AfterAll
  void stop() {
    remote.close();
  }

  private static Run train(Object data, Object output, Object checkpoints, String... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("train", "--epochs=1", "--checkpoint-every=20 iterations"));
    arguments.addAll(List.of("--data", data, "--output", output, "--checkpoint", checkpoints));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray()).succeeded();
  }

  @Test
  void outputHasTheSameFilesAndTheSameModel() throws IOException {
    Path output = remote.download("/runs/1", folder.resolve("downloaded"));
    assertEquals(Outputs.names(local), Outputs.names(output));
    assertSameModel(output);
    assertEquals(Set.of("1"), remote.names("/runs"), "nothing is left beside it");
  }

  private static void assertSameModel(Path output) throws IOException {
    String model = "model.safetensors";
    assertEquals(-1, Files.mismatch(local.resolve(model), output.resolve(model)));
  }

  @Test
  void trainingGoesOnFromItsCheckpoints() throws IOException {
    assertEquals(Outputs.names(folder.resolve("checkpoints")), remote.names("/checkpoints"));
    String last = "/checkpoints/checkpoint-00000000000040.safetensors";
    assertTrue(remote.delete(last));
    Run resumed =
        train(
            remote.uri("/digits"), remote.uri("/resumed"), remote.uri("/checkpoints"), "--resume");
    Run.assertPieces(resumed.err(), "resuming at epoch 1 of 1, iteration 21");
    assertSameModel(remote.download("/resumed", folder.resolve("resumed")));
  }

  @Test
  void predictionsAreTheSame() throws IOException {
    Path expected = folder.resolve("predicted");
    predict(local, DIGITS, expected);
    predict(remote.uri("/runs/1"), remote.uri("/digits"), remote.uri("/predicted"));
    List<String> table = table(expected);
    assertEquals(501, table.size(), "a header and a line an image");
    assertEquals(table, table(remote.download("/predicted", folder.resolve("predicted-there"))));
  }

  private static void predict(Object model, Object data, Object output) {
    Run.of("predict", "--model", model, "--data", data, "--output", output, "--partitions=1")
        .succeeded();
  }

  private static List<String> table(Path output) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : Outputs.names(output)) {
      lines.addAll(Files.readAllLines(output.resolve(name)));
    }
    return lines;
  }
}
