package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.model.SafeTensors;
import io.gradcast.spark.score.SmallModel;
import io.gradcast.spark.store.FaultyFileSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL to a JVM that trains, and the same command with --resume: the output is that of a run
 * that nobody disturbed. The limits only end tests that would wait for ever.
 */
class KilledTest {

  private static final int SIGKILLED = 137;
  private static final String FAULTY = FaultyFileSystem.class.getName();

  @TempDir private Path folder;
  private Path data;
  private Path outputs;

  /** Epochs of ten minibatches. */
  @BeforeEach
  void makeData() throws IOException {
    data = IdxFiles.write(folder.resolve("data"), 100, 10, 28);
    outputs = Files.createDirectory(folder.resolve("outputs"));
  }

  private String[] train(String output, int epochs, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--data=" + data, "--output=" + output, "--batch-size=10"));
    arguments.add("--epochs=" + epochs);
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private void assertAsUndisturbed(Path output, int epochs) throws IOException {
    Path undisturbed = outputs.resolve("undisturbed");
    Run.of((Object[]) train(undisturbed.toString(), epochs)).succeeded();
    assertArrayEquals(
        Files.readAllBytes(undisturbed.resolve("model.safetensors")),
        Files.readAllBytes(output.resolve("model.safetensors")));
    assertEquals(results(undisturbed), results(output));
    Outputs.assertNothingBeside(outputs, "undisturbed", output.getFileName().toString());
  }

  /** All of metrics.jsonl but the time. */
  private static List<String> results(Path output) throws IOException {
    return Files.readAllLines(output.resolve("metrics.jsonl")).stream()
        .map(line -> line.replaceFirst(",\"seconds\".*", ""))
        .toList();
  }

  /** The fourth checkpoint, of the third epoch, is written but has not got its name. */
  @Test
  @Timeout(240)
  void runKilledWhileItWritesACheckpointGoesOnFromTheOneBefore() throws Exception {
    Path output = outputs.resolve("out");
    String[] command =
        train(FaultyFileSystem.uri(output), 4, "--checkpoint-every=7 iterations", "--overwrite");
    Outputs.earlier(output);
    Process training =
        Child.start(
            StopsAtTheFourth.class,
            List.of("-Dspark.hadoop.%s=%s".formatted(FaultyFileSystem.KEY, FAULTY)),
            command);
    assertKilledAt("stopped", training);
    assertEquals(
        Set.of("checkpoint-00000000000014.safetensors", "checkpoint-00000000000021.safetensors"),
        Outputs.names(outputs.resolve("out.checkpoints")).stream()
            .filter(name -> !name.startsWith("."))
            .collect(Collectors.toSet()));
    Outputs.assertEarlier(output);
    assertTrue(
        Outputs.names(outputs).stream().anyMatch(name -> name.startsWith(".out.inprogress-")),
        "nothing was in the making");
    Run resumed =
        Run.of(
                (Object[])
                    train(
                        output.toString(),
                        4,
                        "--checkpoint-every=7 iterations",
                        "--overwrite",
                        "--resume"))
            .succeeded();
    List<String> lines = resumed.err().lines().toList();
    assertEquals("resuming at epoch 3 of 4, iteration 2", lines.get(0));
    assertTrue(lines.get(1).startsWith("epoch 3/4  "), lines::toString);
    assertTrue(lines.get(2).startsWith("epoch 4/4  "), lines::toString);
    assertAsUndisturbed(output, 4);
  }

  /** A run that stops for ever, and says so, where its fourth checkpoint would get its name. */
  static final class StopsAtTheFourth {

    private StopsAtTheFourth() {}

    public static void main(String[] arguments) {
      stopAtRenamesTo("checkpoint-00000000000028.safetensors");
      Gradcast.main(arguments);
    }
  }

  private static void stopAtRenamesTo(String start) {
    FaultyFileSystem.heal();
    FaultyFileSystem.failRenamesTo(
        path -> {
          if (path.getName().startsWith(start)) {
            System.err.println("stopped");
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
          return false;
        });
  }

  /** Wherever the run is when it is killed, some way behind its second epoch. */
  @Test
  @Timeout(240)
  void runKilledAnywhereGoesOnToTheSameEnd() throws Exception {
    Path output = outputs.resolve("out");
    String[] endless = train(output.toString(), 1_000_000, "--checkpoint-every=3 iterations");
    assertKilledAt("epoch 2/1000000  train loss", Child.start(Gradcast.class, List.of(), endless));
    long newest =
        Outputs.names(outputs.resolve("out.checkpoints")).stream()
            .filter(name -> name.startsWith("checkpoint-"))
            .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", "")))
            .max()
            .orElseThrow();
    assertTrue(newest >= 18, "checkpoints were written in time");
    int epochs = (int) (newest / 10) + 2;
    Run resumed = Run.of((Object[]) train(output.toString(), epochs, "--resume")).succeeded();
    assertEquals(
        "resuming at epoch %d of %d, iteration %d"
            .formatted(newest / 10 + 1, epochs, newest % 10 + 1),
        resumed.err().lines().findFirst().orElse(""));
    assertAsUndisturbed(output, epochs);
  }

  @Test
  @Timeout(240)
  void predictionsOfARunKilledBeforeItsEndAreNotTaken() throws Exception {
    Path model = folder.resolve("model.safetensors");
    try (OutputStream file = Files.newOutputStream(model)) {
      SafeTensors.write(SmallModel.of(false, 7), file);
    }
    Path output = Outputs.earlier(outputs.resolve("out"));
    List<String> command =
        List.of("predict", "--model=" + model, "--data=" + data, "--overwrite", "--output");
    List<String> stopping = new ArrayList<>(command);
    stopping.add(FaultyFileSystem.uri(output));
    assertKilledAt(
        "stopped",
        Child.start(
            StopsAtItsEnd.class,
            List.of("-Dspark.hadoop.%s=%s".formatted(FaultyFileSystem.KEY, FAULTY)),
            stopping.toArray(String[]::new)));
    Outputs.assertEarlier(output);
    List<String> others =
        Outputs.names(outputs).stream().filter(name -> !name.equals("out")).toList();
    assertTrue(others.get(0).startsWith(".out.inprogress-"), others::toString);
    assertTrue(Outputs.names(outputs.resolve(others.get(0))).contains("_SUCCESS"));
    List<Object> again = new ArrayList<>(command);
    again.add(output);
    Run.of(again.toArray()).succeeded();
    assertTrue(Outputs.names(output).stream().anyMatch(name -> name.endsWith(".csv")));
  }

  /** A run that stops for ever, and says so, where a former output would give up its name. */
  static final class StopsAtItsEnd {

    private StopsAtItsEnd() {}

    public static void main(String[] arguments) {
      stopAtRenamesTo(".out.replaced-");
      Gradcast.main(arguments);
    }
  }

  /** Kills a process once it has said something. */
  private static void assertKilledAt(String start, Process process) throws Exception {
    List<String> lines = new ArrayList<>();
    try (BufferedReader err = process.errorReader()) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        lines.add(line);
        if (line.startsWith(start)) {
          process.toHandle().destroyForcibly(); // the process's own closes what is read here
        }
      }
      assertEquals(SIGKILLED, process.waitFor(), () -> String.join("\n", lines));
    } finally {
      process.destroyForcibly();
    }
  }
}
