package io.gradcast.spark.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.source.Digits.Pixels;
import io.gradcast.spark.source.IdxSource.Split;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files that are cut short, that go while they are read, or that nobody may read. A PNG is a
 * record, and can be left out; so can a file of a table that is bad when it is opened first. What
 * would be left out of a table whose file goes bad later is not known: that is an error whatever is
 * said of bad records.
 */
class BadFilesTest {

  private static final int COUNT = 30;
  private static final Tolerance SKIP = new Tolerance(true, 0.05);

  private static Digits digits;
  @AutoClose private static SparkSession spark;

  @TempDir private Path folder;
  private Path data;

  @BeforeAll
  static void start() throws IOException {
    digits = Digits.of(Split.TRAIN, COUNT);
    spark =
        SparkSession.builder()
            .config(RefusingFileSystem.install(SmallTraining.sparkConf("local[2]")))
            .getOrCreate();
  }

  @BeforeEach
  void newFolder() {
    data = folder.resolve("data");
  }

  /** What becomes of a file after the data have been found. */
  private enum Fault {
    CUT_SHORT,
    REMOVED,
    REFUSED;

    void to(Path file) throws IOException {
      switch (this) {
        case CUT_SHORT -> {
          byte[] bytes = Files.readAllBytes(file);
          Files.write(file, Arrays.copyOf(bytes, bytes.length * 2 / 3));
        }
        case REMOVED -> Files.delete(file);
        case REFUSED ->
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        default -> throw new AssertionError(this);
      }
    }

    private String inFolder() {
      return switch (this) {
        case CUT_SHORT -> "expected a whole PNG, found one that cannot be read";
        case REMOVED -> "expected the file that was listed, found nothing there any more";
        case REFUSED -> "expected a file that may be read, found no permission";
      };
    }

    private String inTable() {
      return switch (this) {
        case CUT_SHORT -> "expected readable data, found: ";
        case REMOVED -> "found: a file that is not there: ";
        case REFUSED -> "found: no permission: Permission denied: ";
      };
    }
  }

  private Records find() {
    DataSources sources = new DataSources(spark);
    DataSpec spec = DataSpec.of(RefusingFileSystem.uri(data));
    return sources.records(sources.find(spec, Split.TRAIN), true);
  }

  private static Source open(Records records, Tolerance tolerance) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return TableSource.open(context, records, ImageForm.AS_IT_IS, List.of(), tolerance);
  }

  private static String failure(Records records, Tolerance tolerance) {
    GradcastException e =
        assertThrows(GradcastException.class, () -> open(records, tolerance).count());
    assertEquals(3, e.kind().exitCode(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  private static void assertPiece(String piece, String text) {
    assertTrue(text.contains(piece), () -> "expected \"" + piece + "\" in: " + text);
  }

  @ParameterizedTest
  @EnumSource
  void imageOfAFolderIsARecord(Fault fault) throws IOException {
    digits.writePngs(data);
    Records records = find();
    Path file = data.resolve("%d/%05d.png".formatted(digits.all().get(11).label(), 11));
    fault.to(file);
    String message = failure(records, Tolerance.NONE);
    assertPiece(file + ": " + fault.inFolder(), message);
    assertPiece("; on-bad-record = skip leaves it out", message);
    Source source = open(records, SKIP);
    assertEquals(1, source.bad());
    assertEquals(COUNT - 1, source.count());
    List<Source.Rejected> rejected = new ArrayList<>();
    source.rejected().forEachRemaining(rejected::add);
    assertEquals(1, rejected.size());
    assertPiece(file.toString(), rejected.get(0).record());
    assertPiece(fault.inFolder(), rejected.get(0).problem());
  }

  @ParameterizedTest
  @EnumSource
  void parquetFileIsAnErrorEitherWay(Fault fault) throws IOException {
    digits.table(spark, Pixels.RAW).write().parquet(data.toString());
    assertErrorEitherWay(fault, "parquet");
  }

  @ParameterizedTest
  @EnumSource
  void orcFileIsAnErrorEitherWay(Fault fault) throws IOException {
    digits.table(spark, Pixels.RAW).write().orc(data.toString());
    assertErrorEitherWay(fault, "orc");
  }

  @ParameterizedTest
  @EnumSource
  void packedCsvFileIsAnErrorEitherWay(Fault fault) throws IOException {
    Path plain = folder.resolve("all.csv");
    digits.writeCsv(plain);
    Files.createDirectory(data);
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(data.resolve("all.csv.gz")))) {
      Files.copy(plain, out);
    }
    assertErrorEitherWay(fault, "gz");
  }

  private void assertErrorEitherWay(Fault fault, String extension) throws IOException {
    Records records = find();
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.filter(f -> f.toString().endsWith(extension)).toList()) {
        fault.to(file);
      }
    }
    for (Tolerance tolerance : List.of(Tolerance.NONE, SKIP)) {
      String message = failure(records, tolerance);
      assertPiece("data " + RefusingFileSystem.uri(data) + ": ", message);
      assertPiece(fault.inTable(), message);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT_SHORT", "REFUSED"})
  void parquetFileThatIsBadAtTheStartIsLeftOutAsOneRecord(Fault fault) throws IOException {
    assertLeftOut(fault, "parquet");
  }

  @ParameterizedTest
  @EnumSource(names = {"CUT_SHORT", "REFUSED"})
  void orcFileThatIsBadAtTheStartIsLeftOutAsOneRecord(Fault fault) throws IOException {
    assertLeftOut(fault, "orc");
  }

  private void assertLeftOut(Fault fault, String format) throws IOException {
    digits.table(spark, Pixels.RAW).coalesce(1).write().format(format).save(data.toString());
    digits
        .table(spark, Pixels.RAW)
        .limit(1)
        .coalesce(1)
        .write()
        .mode("append")
        .format(format)
        .save(data.toString());
    Path smallest;
    try (Stream<Path> files = Files.list(data)) {
      smallest =
          files
              .filter(file -> file.toString().endsWith(format))
              .min(Comparator.comparing(file -> file.toFile().length()))
              .orElseThrow();
    }
    fault.to(smallest);
    DataSources sources = new DataSources(spark);
    DataSpec spec = DataSpec.of(RefusingFileSystem.uri(data)).withTolerance(SKIP);
    Source source = sources.open(spec, Split.TRAIN, List.of());
    assertEquals(COUNT, source.count());
    assertEquals(1, source.bad());
    source.rejected().forEachRemaining(file -> assertPiece("expected a whole", file.problem()));
  }
}
