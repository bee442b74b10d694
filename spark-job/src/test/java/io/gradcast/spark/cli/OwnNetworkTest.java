package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that a user has written, from its text to predictions. */
class OwnNetworkTest {

  /** It leaves its input, its classes and two statistics to the data. */
  private static final String TEXT =
      """
      name = own, init = he-normal, normalize = data, class-weights = balanced
      layers = [
        { type = conv, maps = 4, kernel = 3, stride = 2, padding = same }
        { type = group-norm, groups = 2 }, { type = relu }, { type = dropout, rate = 0.2 }
        { type = residual, layers = [
            { type = conv, maps = 4, kernel = 3, padding = same, groups = 4 }, { type = tanh } ] }
        { type = max-pool, size = 2 }
        { type = dense, units = ${classes} } ]
      loss = { type = softmax-cross-entropy, smoothing = 0.1 }
      """;

  private static final List<String> SETTINGS =
      List.of(
          "--epochs=3",
          "--batch-size=20",
          "--optimizer=adam",
          // By --set, so that a test can give another by its flag.
          "--set=augment-shift=2",
          "--augment-rotate=10",
          "--augment-flip",
          "--augment-erase=0.2",
          "--augment-elastic=1");

  @TempDir private static Path data;

  @TempDir private Path folder;

  @BeforeAll
  static void makeData() throws IOException {
    IdxFiles.write(data, 60, 10, 28);
  }

  private Run train(String output, String... more) throws IOException {
    Path network = Files.writeString(folder.resolve("own.net"), TEXT);
    List<Object> arguments = new ArrayList<>(List.of("train", "--data=" + data));
    arguments.add("--network=" + network);
    arguments.add("--output=" + folder.resolve(output));
    arguments.addAll(SETTINGS);
    arguments.addAll(Arrays.asList(more));
    return Run.of(arguments.toArray());
  }

  private byte[] model(String output) throws IOException {
    return Files.readAllBytes(folder.resolve(output).resolve("model.safetensors"));
  }

  @Test
  void bytesDoNotDependOnPlacementOrResumption() throws IOException {
    train("a", "--exchange=resident", "--partitions=1").succeeded();
    train("b", "--exchange=tree", "--partitions=3").succeeded();
    assertArrayEquals(model("a"), model("b"));
    String kept = "--checkpoint=" + folder.resolve("kept");
    train("c", kept, "--checkpoint-every=2 iterations").succeeded();
    Files.delete(folder.resolve("kept").resolve("checkpoint-00000000000009.safetensors"));
    Run resumed = train("d", kept, "--resume", "--partitions=2").succeeded();
    Run.assertPieces(resumed.err(), "resuming at epoch 3 of 3, iteration 3");
    assertArrayEquals(model("a"), model("c"));
    assertArrayEquals(model("a"), model("d"));
    train("e", kept, "--resume", "--augment-shift=3")
        .failedWith(2, "expected augment-shift = 3.0, as this run has, found 2.0");
  }

  @Test
  void scoresOfPredictionsAreProbabilities() throws IOException {
    train("a").succeeded();
    Path table = folder.resolve("table");
    Run.of("predict", "--model=" + folder.resolve("a"), "--data=" + data, "--output=" + table)
        .succeeded();
    try (Stream<Path> parts = Files.list(table)) {
      for (Path part : parts.filter(it -> it.toString().endsWith(".csv")).toList()) {
        for (String line : Files.readAllLines(part).subList(1, 2)) {
          List<String> cells = List.of(line.split(","));
          double sum = cells.subList(3, cells.size()).stream().mapToDouble(Double::valueOf).sum();
          assertEquals(1, sum, 1e-5, line);
        }
      }
    }
  }

  @Test
  void settingsGoBeforeTheText() throws IOException {
    train("a", "--loss=squared-error", "--normalize=none", "--class-weights=none").succeeded();
    String header = new String(model("a"), 0, 3000, StandardCharsets.US_ASCII);
    assertTrue(header.contains("squared-error"), header);
    assertTrue(header.contains("\\\"divideBy\\\":255}"), header);
    train("b", "--loss=hinge").failedWith(2, "expected one of [binary-cross-entropy,");
  }

  @Test
  void describePrintsTheLayersAndTheirSizes() throws IOException {
    Path network = Files.writeString(folder.resolve("own.net"), TEXT);
    Run run =
        Run.of("describe", "--network=" + network, "--input=3,9,9", "--classes=7").succeeded();
    assertEquals(
        """
        Network own

        layer                type         output  parameters
                             input        3x9x9
        conv-1               Convolution  4x5x5          112
        group-norm-2         GroupNorm    4x5x5            8
        relu-3               Relu         4x5x5
        dropout-4            Dropout      4x5x5
        residual-5           Residual     4x5x5           40
          residual-5.conv-1  Convolution  4x5x5           40
          residual-5.tanh-2  Tanh         4x5x5
        max-pool-6           MaxPooling   4x2x2
        dense-7              Dense        7x1x1          119

        Loss softmax-cross-entropy, 279 parameters
        """,
        run.out());
    Run.of("describe", "--network=" + network, "--input=3,9")
        .failedWith(2, "--input: expected channels, height and width of 1 or more, found [3, 9]");
  }

  @Test
  void networkThatDoesNotFitTheDataNamesItsLayer() throws IOException {
    Path network =
        Files.writeString(
            folder.resolve("bad.net"),
            "name = bad, layers = [{ type = conv, maps = 2, kernel = 31 }], loss = squared-error");
    Run.of("train", "--data=" + data, "--network=" + network, "--output=" + folder.resolve("a"))
        .failedWith(
            2,
            "layer conv-1 (conv): expected a kernel of at most 28x28, its input 1x28x28 with its"
                + " padding, found 31x31");
  }
}
