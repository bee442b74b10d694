package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.model.Json;
import io.gradcast.spark.store.FaultyFileSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Packing by the command line: what it makes, and what it leaves when it fails. */
class PackTest {

  private static final String FAULTY = FaultyFileSystem.class.getName();

  @TempDir private Path folder;
  private Path data;
  private Path outputs;

  @BeforeEach
  void makeData() throws IOException {
    data = IdxFiles.write(folder.resolve("data"), 100, 10, 28);
    outputs = Files.createDirectory(folder.resolve("outputs"));
  }

  @Test
  void partsArePackedEachInItsFolder() throws IOException {
    Path output = outputs.resolve("packed");
    Run run = Run.of("pack", "--data=" + data, "--output=" + output).succeeded();
    assertTrue(
        run.out()
            .matches(
                "100 train and 10 test images in file:\\S+/packed, [\\d,]+ bytes: [\\d,]+ images/s\\n"),
        run.out());
    assertEquals("", run.err());
    Outputs.assertNothingBeside(output, "train", "test");
    assertEquals(100L, manifest(output.resolve("train")).get("count"));
    assertEquals(10L, manifest(output.resolve("test")).get("count"));
  }

  private static Map<String, Object> manifest(Path part) throws IOException {
    return Json.read(Files.readString(part.resolve("_gradcast.json")));
  }

  @Test
  void packedDataTrainToTheSameModel() throws IOException {
    Path packed = outputs.resolve("packed");
    Run.of("pack", "--data=" + data, "--output=" + packed).succeeded();
    byte[] expected = model(data, "of-idx", "--partitions=1");
    assertArrayEquals(expected, model(packed, "of-packed", "--partitions=3"));
    assertArrayEquals(expected, model(packed, "by-format", "--format=packed"));
    Files.delete(packed.resolve("train").resolve("_gradcast.json"));
    Run.of("train", "--data=" + packed, "--output=" + outputs.resolve("partial"))
        .failedWith(3, "packed/train/_gradcast.json: expected a manifest", "found nothing");
  }

  private byte[] model(Path from, String name, String more) throws IOException {
    Path output = outputs.resolve(name);
    Run.of("train", "--data=" + from, "--output=" + output, "--epochs=1", "--batch-size=10", more)
        .succeeded();
    return Files.readAllBytes(output.resolve("model.safetensors"));
  }

  @Test
  void earlierOutputIsReplacedOnRequestAlone() throws IOException {
    Path output = Outputs.earlier(outputs.resolve("packed"));
    Run.of("pack", "--data=" + data, "--output=" + output)
        .failedWith(5, "found an earlier output; --overwrite replaces it");
    Outputs.assertEarlier(output);
    Run.of("pack", "--data=" + data, "--output=" + output, "--overwrite").succeeded();
    Outputs.assertNothingBeside(output, "train", "test");
  }

  @Test
  void badDataLeaveNoOutput() throws IOException {
    IdxFiles.truncate(data.resolve(IdxFiles.TEST_IMAGES), 5_000);
    Run.of("pack", "--data=" + data, "--output=" + outputs.resolve("packed"))
        .failedWith(3, IdxFiles.TEST_IMAGES, ": expected 10 items of 784 bytes");
    Outputs.assertNothingBeside(outputs);
  }

  @Test
  void fullDiskLeavesNoOutput() throws IOException {
    System.setProperty("spark.hadoop." + FaultyFileSystem.KEY, FAULTY);
    try {
      FaultyFileSystem.heal();
      FaultyFileSystem.leaveSpace(10_000);
      Run.of("pack", "--data=" + data, "--output=faulty:" + outputs.resolve("packed"))
          .failedWith(5, "packed", ": expected to write there, found: No space left on device");
      Outputs.assertNothingBeside(outputs);
    } finally {
      FaultyFileSystem.heal();
      System.clearProperty("spark.hadoop." + FaultyFileSystem.KEY);
    }
  }

  /** It is killed when all is written but the output has not got its name. */
  @Test
  @Timeout(240)
  void killedRunLeavesTheEarlierOutput() throws Exception {
    Path output = Outputs.earlier(outputs.resolve("packed"));
    Process packing =
        Child.start(
            StopsAtTheEnd.class,
            List.of("-Dspark.hadoop.%s=%s".formatted(FaultyFileSystem.KEY, FAULTY)),
            "pack",
            "--data=" + data,
            "--output=" + FaultyFileSystem.uri(output),
            "--overwrite");
    try (BufferedReader err = packing.errorReader()) {
      assertTrue(err.lines().anyMatch("stopped"::equals), "it stopped");
      packing.toHandle().destroyForcibly();
      assertEquals(137, packing.waitFor());
    } finally {
      packing.destroyForcibly();
    }
    Outputs.assertEarlier(output);
    assertTrue(
        Outputs.names(outputs).stream().anyMatch(name -> name.startsWith(".packed.inprogress-")),
        "nothing was in the making");
    Run.of("pack", "--data=" + data, "--output=" + output, "--overwrite").succeeded();
    assertEquals(Set.of("train", "test"), Outputs.names(output));
  }

  /** A run that stops for ever, and says so, where an output would be set aside for the new one. */
  static final class StopsAtTheEnd {

    private StopsAtTheEnd() {}

    public static void main(String[] arguments) {
      FaultyFileSystem.heal();
      FaultyFileSystem.failRenamesTo(
          path -> {
            System.err.println("stopped");
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return false;
          });
      Gradcast.main(arguments);
    }
  }
}
