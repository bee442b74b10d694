package io.gradcast.spark.cli;

import static io.gradcast.spark.cli.IdxFiles.TEST_LABELS;
import static io.gradcast.spark.cli.IdxFiles.TRAIN_IMAGES;
import static io.gradcast.spark.cli.IdxFiles.TRAIN_LABELS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault of data is one sentence with the file, what was expected there and what was found,
 * and exit code 3. Faults are tested where they are found, without Spark; that Spark brings the
 * sentence to the user unharmed is tested once for the driver and once for a task.
 */
class BadDataTest {

  private static final int COUNT = 20;
  private static final int SIDE = 28;
  private static final int IMAGES_LENGTH = 16 + COUNT * SIDE * SIDE;

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void writeGoodData() throws IOException {
    data = IdxFiles.write(folder.resolve("data"), COUNT, 10, SIDE);
  }

  /** Does to good data what makes it bad. */
  @FunctionalInterface
  private interface Damage {
    void to(Path data) throws IOException;
  }

  private static Arguments fault(String name, Damage damage, String... pieces) {
    return arguments(name, damage, List.of(pieces));
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(
            "folder missing",
            data -> Files.move(data, data.resolveSibling("elsewhere")),
            "/data: expected a folder of IDX files, found nothing"),
        fault(
            "file for a folder",
            data -> {
              Files.move(data, data.resolveSibling("elsewhere"));
              Files.writeString(data, "no folder");
            },
            "/data: expected a folder of IDX files, found a file"),
        fault(
            "images missing",
            data -> Files.delete(data.resolve(TRAIN_IMAGES)),
            "/data: expected the file " + TRAIN_IMAGES + " or " + TRAIN_IMAGES + ".gz",
            "found neither"),
        fault(
            "labels missing",
            data -> Files.delete(data.resolve(TRAIN_LABELS)),
            "/data: expected the file " + TRAIN_LABELS + " or " + TRAIN_LABELS + ".gz",
            "found neither"),
        fault(
            "folder for a file",
            data -> {
              Files.delete(data.resolve(TRAIN_LABELS));
              Files.createDirectory(data.resolve(TRAIN_LABELS));
            },
            "/data: expected the file " + TRAIN_LABELS,
            "found neither"),
        fault(
            "empty file",
            data -> Files.write(data.resolve(TRAIN_IMAGES), new byte[0]),
            TRAIN_IMAGES + ": expected IDX data, found an empty file"),
        fault(
            "header cut off",
            data -> IdxFiles.truncate(data.resolve(TRAIN_IMAGES), 10),
            TRAIN_IMAGES + ": expected the header, found the data end at or after offset 10"),
        fault(
            "labels for images",
            data -> Files.copy(data.resolve(TRAIN_LABELS), emptied(data.resolve(TRAIN_IMAGES))),
            TRAIN_IMAGES + ": expected the magic number 0x00000803 of IDX images at offset 0",
            "found 0x00000801"),
        fault(
            "images for labels",
            data -> Files.copy(data.resolve(TRAIN_IMAGES), emptied(data.resolve(TRAIN_LABELS))),
            TRAIN_LABELS + ": expected the magic number 0x00000801 of IDX labels at offset 0",
            "found 0x00000803"),
        fault(
            "no items",
            data -> IdxFiles.set(data.resolve(TRAIN_LABELS), 7, 0),
            TRAIN_LABELS + ": expected a size of 1 or more at offset 4, found 0"),
        fault(
            "negative side",
            data -> IdxFiles.set(data.resolve(TRAIN_IMAGES), 8, 0xff),
            TRAIN_IMAGES + ": expected a size of 1 or more at offset 8, found -16777188"),
        fault(
            "huge side",
            data -> IdxFiles.set(data.resolve(TRAIN_IMAGES), 8, 0x7f),
            TRAIN_IMAGES + ": at offset 8: shape 1x2130706460x28 has over 67108864 elements"),
        fault(
            "images cut off",
            data -> IdxFiles.truncate(data.resolve(TRAIN_IMAGES), IMAGES_LENGTH - 1),
            TRAIN_IMAGES + ": expected 20 items of 784 bytes, found the data end at or after",
            "offset " + (IMAGES_LENGTH - 1)),
        fault(
            "labels cut off",
            data -> IdxFiles.truncate(data.resolve(TRAIN_LABELS), 8 + COUNT - 3),
            TRAIN_LABELS + ": expected 20 items of 1 bytes, found the data end at or after offset",
            "offset 25"),
        fault(
            "packed images cut off",
            data -> {
              Path packed = IdxFiles.pack(data.resolve(TRAIN_IMAGES));
              IdxFiles.truncate(packed, (int) Files.size(packed) - 20);
            },
            TRAIN_IMAGES + ".gz: expected 20 items of 784 bytes, found the data end at or after"),
        fault(
            "packed images damaged at their end",
            data -> {
              Path packed = IdxFiles.pack(data.resolve(TRAIN_IMAGES));
              int size = (int) Files.size(packed);
              IdxFiles.set(packed, size - 6, ~Files.readAllBytes(packed)[size - 6]);
            },
            TRAIN_IMAGES + ".gz: expected the end of the file, found damaged gzip data"),
        fault(
            "packed images damaged at their start",
            data -> IdxFiles.set(IdxFiles.pack(data.resolve(TRAIN_IMAGES)), 10, 0xff),
            TRAIN_IMAGES + ".gz: expected the header, found damaged gzip data at or after offset"),
        fault(
            "packed by name alone",
            data -> Files.move(data.resolve(TRAIN_IMAGES), data.resolve(TRAIN_IMAGES + ".gz")),
            TRAIN_IMAGES + ".gz: expected readable IDX data, found: Not in GZIP format"),
        fault(
            "bytes behind the images",
            data -> IdxFiles.append(data.resolve(TRAIN_IMAGES), (byte) 0),
            TRAIN_IMAGES + ": expected the end of the file at offset " + IMAGES_LENGTH,
            "after its 20 items, found more bytes"),
        fault(
            "bytes behind the labels",
            data -> IdxFiles.append(data.resolve(TRAIN_LABELS), (byte) 0),
            TRAIN_LABELS + ": expected the end of the file at offset 28",
            "after its 20 items, found more bytes"),
        fault(
            "bytes behind the packed images",
            data -> {
              IdxFiles.append(data.resolve(TRAIN_IMAGES), (byte) 0);
              IdxFiles.pack(data.resolve(TRAIN_IMAGES));
            },
            TRAIN_IMAGES + ".gz: expected the end of the file at offset " + IMAGES_LENGTH,
            "after its 20 items, found more bytes"),
        fault(
            "counts differ",
            data -> Files.copy(data.resolve(TEST_LABELS), emptied(data.resolve(TRAIN_LABELS))),
            TRAIN_LABELS + ": expected as many labels as ",
            TRAIN_IMAGES + " has images, 20, found 10"));
  }

  private static Path emptied(Path file) throws IOException {
    Files.delete(file);
    return file;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void faults(String name, Damage damage, List<String> pieces) throws IOException {
    damage.to(data);
    Storage storage = new Storage(new Configuration());
    GradcastException e =
        assertThrows(
            GradcastException.class,
            () -> {
              IdxSource source = IdxSource.open(storage, data.toString(), Split.TRAIN);
              // In two parts, as two partitions would.
              source.read(storage, 0, 7);
              source.read(storage, 7, source.samples() - 7);
            },
            name);
    assertEquals(3, e.kind().exitCode(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    Run.assertPieces(e.getMessage(), pieces.toArray());
  }

  @ParameterizedTest
  @MethodSource
  void folderOfNoFileSystemIsOneSentence(String uri, String found) {
    GradcastException e =
        assertThrows(
            GradcastException.class,
            () -> IdxSource.open(new Storage(new Configuration()), uri, Split.TRAIN));
    Run.assertPieces(e.getMessage(), uri, found);
  }

  static Stream<Arguments> folderOfNoFileSystemIsOneSentence() {
    return Stream.of(
        arguments("nosuch://host/data", "No FileSystem for scheme \"nosuch\""),
        arguments("a:b", "data: expected a path or URI, found \"a:b\""));
  }

  @Test
  void faultFoundByTheDriverReachesTheUserAsOneSentence() throws IOException {
    Files.delete(data.resolve(TRAIN_LABELS));
    Path output = folder.resolve("out");
    Run.of("train", "--data", data, "--output", output)
        .failedWith(3, "data " + data + ": expected the file " + TRAIN_LABELS, "found neither");
    Outputs.assertNothingBeside(folder, "data");
  }

  @Test
  void labelOutsideTheClassesReachesTheUserFromItsTaskAsOneSentence() throws IOException {
    IdxFiles.set(data.resolve(TRAIN_LABELS), 8 + 17, 10);
    Path output = folder.resolve("out");
    Run.of("train", "--data", data, "--output", output, "--partitions", 3)
        .failedWith(3, TRAIN_LABELS + ": expected labels from 0 to 9, found 10 at sample 17");
    Outputs.assertNothingBeside(folder, "data");
  }

  @Test
  void imagesThatDoNotFitTheNetworkAreNamedWithBothShapes() throws IOException {
    IdxFiles.write(data, COUNT, 10, 20);
    Path output = folder.resolve("out");
    Run.of("train", "--data", data, "--output", output)
        .failedWith(3, ": expected images of 1x28x28, as the network takes, found 1x20x20");
    Outputs.assertNothingBeside(folder, "data");
  }
}
