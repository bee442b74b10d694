package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.model.Json;
import io.gradcast.spark.monitor.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user gets of {@code --tensorboard}; {@code TensorBoardTest} has the files. */
class TensorBoardSettingTest {

  @TempDir private Path folder;
  private Path data;
  private Path board;

  @BeforeEach
  void write() throws IOException {
    data = IdxFiles.write(folder.resolve("data"), 40, 10, 28);
    board = folder.resolve("board");
  }

  /** Two minibatches an epoch. */
  private Run train(String output, int epochs, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--data=" + data,
                "--batch-size=20",
                "--epochs=" + epochs,
                "--output=" + folder.resolve(output)));
    arguments.addAll(Arrays.asList(more));
    return Run.of(arguments.toArray());
  }

  @Test
  void curvesAreThoseOfTheMetricsFile() throws IOException {
    train("out", 3, "--tensorboard=" + board).succeeded();
    Map<String, NavigableMap<Long, Float>> curves = Events.curves(board);
    long step = 0;
    for (String line : Files.readAllLines(folder.resolve("out").resolve("metrics.jsonl"))) {
      Map<String, Object> metrics = Json.read(line);
      step += 2;
      assertEquals(value(metrics, "trainLoss"), curves.get("loss/train").get(step));
      assertEquals(value(metrics, "testLoss"), curves.get("loss/test").get(step));
      assertEquals(value(metrics, "testAccuracy"), curves.get("accuracy/test").get(step));
      assertEquals(
          value(metrics, "samplesPerSecond"), curves.get("speed/samples per second").get(step));
    }
    assertEquals(6, step);
    assertEquals(Set.of(1L, 2L, 3L, 4L, 5L, 6L), curves.get("loss/iteration").keySet());
  }

  private static float value(Map<String, Object> metrics, String name) {
    return ((Number) metrics.get(name)).floatValue();
  }

  @Test
  void resumedRunGoesOnWithTheSteps() throws IOException {
    Path checkpoints = folder.resolve("checkpoints");
    List<Object> settings = List.of("--checkpoint=" + checkpoints, "--tensorboard=" + board);
    train("first", 1, settings.toArray()).succeeded();
    List<Object> resumed = new ArrayList<>(settings);
    resumed.add("--resume");
    train("second", 3, resumed.toArray()).succeeded();
    assertEquals(2, Outputs.names(board).size());
    Map<String, NavigableMap<Long, Float>> curves = Events.curves(board);
    assertEquals(Set.of(2L, 4L, 6L), curves.get("loss/test").keySet());
    assertEquals(Set.of(1L, 2L, 3L, 4L, 5L, 6L), curves.get("loss/iteration").keySet());
  }

  @Test
  void withoutTheSettingThereIsNone() throws IOException {
    train("out", 1).succeeded();
    Outputs.assertNothingBeside(folder, "data", "out");
  }

  @Test
  void folderThatCannotBeMadeEndsTheCommandWithOneSentence() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Run run = train("out", 1, "--tensorboard=" + file.resolve("board"));
    run.failedWith(
        5, "tensorboard " + file.resolve("board") + ": expected to write there, found: ");
    assertTrue(Files.notExists(folder.resolve("out")));
  }
}
