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

  private static final Path JVM_OPTIONS = Path.of("..", "conf", "jvm.options");

  @TempDir private Path folder;

  @Test
  @Timeout(120)
  void interruptedTrainingLeavesTheEarlierOutputAndNothingElse() throws Exception {
    Path data = IdxFiles.write(folder.resolve("data"), 100, 10, 28);
    Path outputs = Files.createDirectory(folder.resolve("outputs"));
    Path earlier = Outputs.earlier(outputs.resolve("out"));
    Process training =
        start("train", "--data=" + data, "--output=" + earlier, "--overwrite", "--epochs=1000000");
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

  private static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.exists(Path.of("/proc/self/status"))) {
      // Whoever runs the tests in the background may have SIGINT ignored, and children inherit it.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + JVM_OPTIONS);
    command.add("-Xmx512m");
    command.add("-Dspark.master=local[2]");
    command.add("-Dspark.ui.enabled=false");
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
    command.add("-Dgradcast.log=" + System.getProperty("gradcast.log") + ".interrupted");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Gradcast.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    assertEquals(0, kill.waitFor());
  }
}
