package io.gradcast.spark.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Packed data that were damaged are refused. */
class PackedDamageTest {

  private static final RandomSource ONE_LABEL =
      new RandomSource(new Shape(1, 28, 28), 500, false, 10);

  @TempDir private Path folder;
  @AutoClose private static Packing packing;

  @BeforeAll
  static void start() {
    packing = new Packing();
  }

  /** Does to packed data what makes them bad. */
  @FunctionalInterface
  private interface Damage {
    void to(Path output) throws IOException;
  }

  private static Arguments fault(String name, Damage damage, String... pieces) {
    return arguments(name, damage, List.of(pieces));
  }

  private static Path first(Path output) throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.filter(it -> it.toString().endsWith(".parquet")).sorted().findFirst().get();
    }
  }

  private static void edit(Path output, String from, String to) throws IOException {
    Path manifest = output.resolve(PackedManifest.FILE);
    String text = Files.readString(manifest);
    String edited = text.replaceFirst(from, to);
    assertFalse(edited.equals(text), text);
    Files.writeString(manifest, edited);
  }

  static Stream<Arguments> faultsThatOpeningFinds() {
    return Stream.of(
        fault(
            "no manifest",
            output -> Files.delete(output.resolve(PackedManifest.FILE)),
            "_gradcast.json: expected a manifest of up to 268,435,456 bytes, found nothing"),
        fault(
            "manifest cut off",
            output -> edit(output, ".{20}\n$", ""),
            "_gradcast.json: expected JSON, found a fault: "),
        fault(
            "another format",
            output -> edit(output, "\"format\":1", "\"format\":2"),
            "_gradcast.json: expected an integer from 1 to 1 at format, found 2"),
        fault(
            "no such shape",
            output -> edit(output, "\"shape\":\\[1,28,28]", "\"shape\":[1,-28,28]"),
            "_gradcast.json: expected channels, height and width at shape, found [1, -28, 28]"),
        fault(
            "another count",
            output -> edit(output, "\"count\":500", "\"count\":499"),
            "_gradcast.json: expected 499 rows in all files, found 500"),
        fault(
            "a class too few",
            output -> edit(output, "\"class 9\"", "\"class 9\",\"class 10\""),
            "_gradcast.json: expected 11 numbers of samples, found 10"),
        fault(
            "file elsewhere",
            output -> edit(output, "gradcast-00000", "../gradcast-00000"),
            "_gradcast.json: expected names of files, found ../gradcast-00000"),
        fault(
            "file missing",
            output -> Files.delete(first(output)),
            "/gradcast-00000-",
            ".parquet: expected ",
            " bytes, as in _gradcast.json, found no such file"),
        fault(
            "file cut off",
            output -> {
              byte[] bytes = Files.readAllBytes(first(output));
              Files.write(first(output), Arrays.copyOf(bytes, 1_000));
            },
            "/gradcast-00000-",
            " bytes, as in _gradcast.json, found 1,000"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsThatOpeningFinds")
  void openingRefuses(String name, Damage damage, List<String> pieces) throws IOException {
    Path output = folder.resolve("packed");
    packing.pack(ONE_LABEL, output);
    damage.to(output);
    assertRefused(assertThrows(GradcastException.class, () -> packing.open(output)), pieces);
  }

  static void assertRefused(GradcastException refused, List<String> pieces) {
    assertEquals(GradcastException.Kind.DATA, refused.kind());
    assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
    for (String piece : pieces) {
      assertTrue(refused.getMessage().contains(piece), refused.getMessage());
    }
  }

  private static void flip(Path file, int offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset < 0 ? bytes.length + offset : offset] ^= 0x10;
    Files.write(file, bytes);
  }

  static Stream<Arguments> faultsThatReadingFinds() {
    return Stream.of(
        fault(
            "byte changed",
            output -> flip(first(output), 5_000),
            "gradcast-00000-",
            ".parquet, row group 0: expected rows of the checksum "),
        fault("footer damaged", output -> flip(first(output), -8), "gradcast-00000-", ".parquet"),
        fault("end damaged", output -> flip(first(output), -1), "gradcast-00000-", ".parquet"),
        fault(
            "other rows in a group",
            output ->
                edit(output, "\"rows\":\\[31](.*?)\"rows\":\\[32]", "\"rows\":[32]$1\"rows\":[31]"),
            "gradcast-00000-",
            ".parquet, row group 0: expected rows 32, as in _gradcast.json, found 31"),
        fault(
            "file gone since it was opened",
            output -> Files.delete(first(output)),
            "gradcast-00000-",
            ".parquet: expected packed data as in _gradcast.json, found nothing there"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsThatReadingFinds")
  void readingRefuses(String name, Damage damage, List<String> pieces) throws IOException {
    Path output = folder.resolve("packed");
    packing.pack(ONE_LABEL, output);
    PackedSource opened = packing.open(output);
    damage.to(output);
    PackedSource source =
        Files.exists(first(output)) && name.contains("rows") ? packing.open(output) : opened;
    Throwable thrown = assertThrows(SparkException.class, () -> packing.fingerprint(source, 2));
    while (thrown != null && !(thrown instanceof GradcastException)) {
      thrown = thrown.getCause();
    }
    assertRefused((GradcastException) thrown, pieces);
  }
}
