package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, in a JVM of its own. The limit only ends a test that would wait for ever. */
class InterruptTest {

  @TempDir private Path folder;

  @Test
  @Timeout(120)
  void interruptedTrainingLeavesTheEarlierOutputAndNothingElse() throws Exception {
    Path data = IdxFiles.write(folder.resolve("data"), 100, 10, 28);
    Path outputs = Files.createDirectory(folder.resolve("outputs"));
    Path earlier = Outputs.earlier(outputs.resolve("out"));
    Process training =
        Child.start(
            Gradcast.class,
            List.of(),
            "train",
            "--data=" + data,
            "--output=" + earlier,
            "--overwrite",
            "--epochs=1000000");
    List<String> lines = new ArrayList<>();
    try (BufferedReader err = training.errorReader()) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        if (line.startsWith("WARNING: Using incubator modules")) {
          continue; // the JVM's own, for the vectors
        }
        lines.add(line);
        if (line.startsWith("epoch 1/1000000 ")) {
          assertTrue(stagingIn(outputs), "nothing was in the making");
          interrupt(training);
        }
      }
      assertEquals(130, training.waitFor(), () -> String.join("\n", lines));
    } finally {
      training.destroyForcibly();
    }
    assertTrue(lines.stream().allMatch(line -> line.startsWith("epoch ")), lines::toString);
    Outputs.assertNothingBeside(outputs, "out");
    Outputs.assertEarlier(earlier);
  }

  private static boolean stagingIn(Path outputs) throws IOException {
    return Outputs.names(outputs).stream().anyMatch(name -> name.startsWith(".out.inprogress-"));
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    assertEquals(0, kill.waitFor());
  }
}
