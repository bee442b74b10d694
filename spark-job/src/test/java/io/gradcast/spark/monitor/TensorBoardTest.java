package io.gradcast.spark.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.spark.store.FaultyFileSystem;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {

  private static final int ITERATIONS = 4;

  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();
  private final Storage storage = new Storage(FaultyFileSystem.configuration());

  @BeforeEach
  void heal() {
    FaultyFileSystem.heal();
  }

  private TensorBoard open(String uri, int iterations, long done) {
    return TensorBoard.open(storage, uri, iterations, done, "test", warnings::add);
  }

  private static void run(TensorBoard board, int epoch, int first, int last) {
    for (int iteration = first; iteration <= last; iteration++) {
      board.iterationEnded(epoch, iteration, epoch + iteration / 16.0, 0);
    }
  }

  private static void end(TensorBoard board, int epoch) {
    Evaluation test = new Evaluation(2);
    test.add(0, 0, 0.5f);
    test.add(1, 1, 0.5f);
    test.add(0, 0, 0.25f);
    test.add(1, 0, 0.75f);
    board.measured(
        new Measurement(epoch, (long) epoch * ITERATIONS, 2.5, 0.25, 0.5, test, 2, 1000 * epoch));
  }

  private static NavigableMap<Long, Float> curve(Object... stepsAndValues) {
    NavigableMap<Long, Float> curve = new TreeMap<>();
    for (int i = 0; i < stepsAndValues.length; i += 2) {
      curve.put(
          ((Number) stepsAndValues[i]).longValue(), ((Number) stepsAndValues[i + 1]).floatValue());
    }
    return curve;
  }

  @Test
  void iterationsAndEpochsAreCurvesOverIterations() throws IOException {
    try (TensorBoard board = open(folder.toString(), ITERATIONS, 0)) {
      run(board, 1, 1, 4);
      end(board, 1);
      run(board, 2, 1, 4);
      end(board, 2);
    }
    assertEquals(
        Map.of(
            "loss/iteration",
            curve(1, 1.0625, 2, 1.125, 3, 1.1875, 4, 1.25, 5, 2.0625, 6, 2.125, 7, 2.1875, 8, 2.25),
            "loss/train",
            curve(4, 2.5, 8, 2.5),
            "loss/test",
            curve(4, 0.5, 8, 0.5),
            "accuracy/train",
            curve(4, 0.25, 8, 0.25),
            "accuracy/test",
            curve(4, 0.75, 8, 0.75),
            "learning rate",
            curve(4, 0.5, 8, 0.5),
            "speed/samples per second",
            curve(4, 1000, 8, 2000)),
        Events.curves(folder));
    double now = System.currentTimeMillis() * 1e-3;
    assertTrue(
        Events.all(folder).stream().allMatch(e -> e.wallTime() <= now && e.wallTime() > now - 600));
    assertEquals(List.of(), warnings);
  }

  @Test
  void longEpochsAreThinnedToMeansAndNothingIsLeftOut() throws IOException {
    try (TensorBoard board = open(folder.toString(), 2501, 0)) {
      for (int iteration = 1; iteration <= 2501; iteration++) {
        board.iterationEnded(1, iteration, iteration, 0);
      }
    }
    NavigableMap<Long, Float> losses = Events.curves(folder).get("loss/iteration");
    assertEquals(834, losses.size());
    assertEquals(2, losses.get(3L));
    assertEquals(2498, losses.get(2499L));
    assertEquals(2500.5f, losses.get(2501L));
  }

  @Test
  void whatAFinishedEpochWroteIsThereThoughTheRunIsKilled() throws IOException {
    TensorBoard board = open(folder.toString(), ITERATIONS, 0);
    run(board, 1, 1, 4);
    end(board, 1);
    run(board, 2, 1, 2);
    // Nothing closes it.
    assertEquals(curve(4, 0.75), Events.curves(folder).get("accuracy/test"));
    assertEquals(1, files(folder).size());
    board.close();
  }

  @Test
  void whereFilesShowOnlyOnceClosedEachEpochHasItsOwn() throws IOException {
    TensorBoard board = open(FaultyFileSystem.uri(folder), ITERATIONS, 0);
    for (int epoch = 1; epoch <= 3; epoch++) {
      run(board, epoch, 1, 4);
      end(board, epoch);
      assertEquals(epoch, files(folder).size());
    }
    board.close();
    assertEquals(3, files(folder).size());
    assertEquals(curve(4, 0.75, 8, 0.75, 12, 0.75), Events.curves(folder).get("accuracy/test"));
    assertEquals(12, Events.curves(folder).get("loss/iteration").size());
  }

  /** Names of the files, which are such as TensorBoard looks for. */
  private static Set<String> files(Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    for (Events.Event event : Events.all(folder)) {
      assertTrue(event.file().startsWith("events.out.tfevents."), event.file());
      names.add(event.file());
    }
    return names;
  }

  @Test
  void resumedRunReplacesWhatTheKilledOneWroteAfterItsCheckpoint() throws IOException {
    writeAsKilledAndResumed();
    assertEquals(2, files(folder).size());
    Map<String, NavigableMap<Long, Float>> curves = Events.curves(folder);
    assertEquals(
        curve(1, 1.0625, 2, 1.125, 3, 1.1875, 4, 1.25, 5, 2.0625, 6, 9, 7, 2.1875, 8, 2.25),
        curves.get("loss/iteration"));
    assertEquals(curve(4, 0.75, 8, 0.75), curves.get("accuracy/test"));
  }

  /** Killed in iteration 8, after a checkpoint in 5. */
  private void writeAsKilledAndResumed() throws IOException {
    TensorBoard killed = open(folder.toString(), ITERATIONS, 0);
    run(killed, 1, 1, 4);
    end(killed, 1);
    run(killed, 2, 1, 3);
    killed.close();
    try (TensorBoard resumed = open(folder.toString(), ITERATIONS, 5)) {
      resumed.iterationEnded(2, 2, 9, 0);
      run(resumed, 2, 3, 4);
      end(resumed, 2);
    }
  }

  @Test
  void secondRunInTheSameFolderReplacesTheFirst() throws IOException {
    writeAsKilledAndResumed();
    try (TensorBoard board = open(folder.toString(), ITERATIONS, 0)) {
      run(board, 1, 1, 2);
    }
    assertEquals(curve(1, 1.0625, 2, 1.125), Events.curves(folder).get("loss/iteration"));
  }

  @Test
  void folderThatCannotBeMadeIsOneSentenceBeforeAnyWork() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    String uri = file.resolve("board").toString();
    GradcastException thrown =
        assertThrows(GradcastException.class, () -> open(uri, ITERATIONS, 0));
    assertEquals(GradcastException.Kind.OUTPUT, thrown.kind());
    String sentence = "tensorboard " + uri + ": expected to write there, found: ";
    assertTrue(thrown.getMessage().startsWith(sentence), thrown.getMessage());
    assertEquals(1, thrown.getMessage().lines().count());
  }

  @Test
  void fullDiskIsSaidOnceAndEndsNothing() {
    TensorBoard board = open(FaultyFileSystem.uri(folder), ITERATIONS, 0);
    FaultyFileSystem.leaveSpace(10);
    for (int epoch = 1; epoch <= 2; epoch++) {
      run(board, epoch, 1, 4);
      end(board, epoch);
    }
    board.close();
    assertEquals(
        List.of(
            ("tensorboard %s: expected to write there, found: No space left on device; going on"
                    + " without")
                .formatted(FaultyFileSystem.uri(folder))),
        warnings);
  }

  /** Its own reader, in a Python that has it. */
  @Test
  void tensorBoardReadsTheCurvesOfAResumedRun() throws IOException, InterruptedException {
    String python = Objects.requireNonNullElse(System.getenv("TENSORBOARD_PYTHON"), "python3");
    assumeTrue(
        succeeds(python, "-c", "import tensorboard"),
        python + " has no tensorboard; put one that has into TENSORBOARD_PYTHON");
    writeAsKilledAndResumed();
    String script =
        """
        import sys
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        board = EventAccumulator(sys.argv[1])
        board.Reload()
        for tag in sorted(board.Tags()["scalars"]):
            for e in board.Scalars(tag):
                print(tag, e.step, e.value)
        """;
    Process process =
        new ProcessBuilder(python, "-c", script, folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    String expected =
        Events.curves(folder).entrySet().stream()
            .flatMap(
                curve ->
                    curve.getValue().entrySet().stream()
                        .map(e -> curve.getKey() + " " + e.getKey() + " " + e.getValue()))
            .collect(Collectors.joining("\n"));
    assertEquals(expected, printed.strip());
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
