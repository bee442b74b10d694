package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.store.Hdfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run with all of its files on HDFS is the run that it is on local disks. */
@Tag("newer")
class HdfsTest {

  private static final Path DIGITS = Path.of("..", "src-test-data", "digits");

  @TempDir private static Path folder;
  @AutoClose private static Hdfs hdfs;
  private static Path local;

  @BeforeAll
  static void trainOnBoth() throws IOException {
    local = folder.resolve("local");
    train(DIGITS, local, folder.resolve("checkpoints"));
    hdfs = Hdfs.start(folder.resolve("hdfs"));
    train(hdfs.upload(DIGITS, "/digits"), hdfs.uri("/runs/1"), hdfs.uri("/checkpoints"));
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
    Path output = hdfs.download("/runs/1", folder.resolve("downloaded"));
    assertEquals(Outputs.names(local), Outputs.names(output));
    assertSameModel(output);
    assertEquals(Set.of("1"), hdfs.names("/runs"), "nothing is left beside it");
  }

  private static void assertSameModel(Path output) throws IOException {
    String model = "model.safetensors";
    assertEquals(-1, Files.mismatch(local.resolve(model), output.resolve(model)));
  }

  @Test
  void trainingGoesOnFromItsCheckpoints() throws IOException {
    assertEquals(Outputs.names(folder.resolve("checkpoints")), hdfs.names("/checkpoints"));
    String last = "/checkpoints/checkpoint-00000000000040.safetensors";
    assertTrue(hdfs.files().delete(new org.apache.hadoop.fs.Path(last), false));
    Run resumed =
        train(hdfs.uri("/digits"), hdfs.uri("/resumed"), hdfs.uri("/checkpoints"), "--resume");
    Run.assertPieces(resumed.err(), "resuming at epoch 1 of 1, iteration 21");
    assertSameModel(hdfs.download("/resumed", folder.resolve("resumed")));
  }

  @Test
  void predictionsAreTheSame() throws IOException {
    Path expected = folder.resolve("predicted");
    predict(local, DIGITS, expected);
    predict(hdfs.uri("/runs/1"), hdfs.uri("/digits"), hdfs.uri("/predicted"));
    List<String> table = table(expected);
    assertEquals(501, table.size(), "a header and a line an image");
    assertEquals(table, table(hdfs.download("/predicted", folder.resolve("predicted-there"))));
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
