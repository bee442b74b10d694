package io.gradcast.spark.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.Samples;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.source.Digits.Pixels;
import io.gradcast.spark.source.IdxSource.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault of a record is an error that names it, or leaves it out: then the others have the ids
 * that they would have without it. A fault of a whole file is an error either way, since nobody
 * knows what would be left out.
 */
class BadRecordsTest {

  private static final int COUNT = 30;

  /** Of the record that is made bad, in order. */
  private static final int BAD = 11;

  private static final Tolerance SKIP = new Tolerance(true, 0.05);

  private static Digits digits;
  @AutoClose private static SparkSession spark;
  private static JavaSparkContext context;

  @TempDir private Path folder;
  private Path data;

  @BeforeAll
  static void start() throws IOException {
    digits = Digits.of(Split.TRAIN, COUNT);
    spark = SparkSession.builder().config(SmallTraining.sparkConf("local[2]")).getOrCreate();
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  @BeforeEach
  void newFolder() {
    data = folder.resolve("data");
  }

  /** Writes data of which something is bad into a folder that is not there yet. */
  @FunctionalInterface
  private interface Writer {
    void write(Path to) throws IOException;
  }

  /**
   * A fault of one record.
   *
   * @param record how it is named
   * @param problem what is said of it
   */
  private record Fault(String name, Columns columns, Writer writer, String record, String problem) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static Fault inFolder(String name, byte[] instead, String problem) {
    String file = "%d/%05d.png".formatted(digit().label(), BAD);
    Writer writer =
        to -> {
          digits.writePngs(to);
          Files.write(to.resolve(file), instead);
        };
    return new Fault(name, Columns.USUAL, writer, "/" + file, problem);
  }

  private static Fault inTable(String name, Pixels pixels, String column, String to, String says) {
    Writer writer =
        folder -> {
          Dataset<Row> table = digits.table(spark, pixels);
          table
              .withColumn(column, when(col("id").equalTo(BAD), expr(to)).otherwise(col(column)))
              .write()
              .parquet(folder.toString());
        };
    return new Fault(name, new Columns("", "", "id"), writer, Integer.toString(BAD), says);
  }

  private static Fault inCsv(String name, String line, String problem) {
    Writer writer =
        to -> {
          Path file = to.resolve("all.csv");
          digits.writeCsvWithIds(file);
          List<String> lines = Files.readAllLines(file);
          lines.set(BAD, line);
          Files.write(file, lines);
        };
    return new Fault(name, new Columns("", "1", "0"), writer, Integer.toString(BAD), problem);
  }

  private static Digits.Digit digit() {
    return digits.all().get(BAD);
  }

  private static String line(String label, String firstPixel) {
    return "%d,%s,%s%s".formatted(BAD, label, firstPixel, ",0".repeat(783));
  }

  static Stream<Fault> faults() throws IOException {
    byte[] png = digit().png();
    return Stream.of(
        inFolder(
            "file that is no image",
            "no image at all".getBytes(StandardCharsets.UTF_8),
            "expected a PNG, a JPEG, or raw bytes of the size of an image, found 15 other bytes"),
        inFolder("file cut short", Arrays.copyOf(png, png.length / 2), "expected a whole PNG"),
        inFolder("empty file", new byte[0], "found no bytes"),
        inFolder(
            "image of another size",
            digit().png(20),
            "expected an image of 1x28x28 like the first, found 1x20x20"),
        inTable("image missing", Pixels.PNG, "image", "null", "expected an image, found none"),
        inTable(
            "bytes cut short",
            Pixels.RAW,
            "image",
            "substring(image, 1, 783)",
            "found 783 other bytes"),
        inTable(
            "NaN",
            Pixels.DOUBLES,
            "image",
            "array_insert(slice(image, 1, 783), 18, double('NaN'))",
            "expected numbers from 0 to 255, found NaN at place 17"),
        inTable(
            "infinite value",
            Pixels.DOUBLES,
            "image",
            "array_insert(slice(image, 1, 783), 1, double('Infinity'))",
            "expected numbers from 0 to 255, found Infinity at place 0"),
        inTable(
            "number missing",
            Pixels.INTS,
            "image",
            "array_insert(slice(image, 1, 783), 1, int(null))",
            "expected numbers, found null at place 0"),
        inTable("label missing", Pixels.PNG, "label", "null", "expected a label, found none"),
        inTable("unknown label", Pixels.PNG, "label", "10", "found 10"),
        inCsv("label missing in CSV", line("", "0"), "expected a label, found none"),
        inCsv("unknown label in CSV", line("ten", "0"), "found ten"),
        inCsv("NaN in CSV", line("1", "NaN"), "found NaN at place 0"),
        inCsv("infinite value in CSV", line("1", "-Infinity"), "found -Infinity at place 0"),
        inCsv("no number in CSV", line("1", "black"), "expected a number at place 0, found black"),
        inCsv("line cut short", BAD + ",1,0,0", "expected as many fields as other lines have"));
  }

  private static Source open(DataSpec spec, Tolerance tolerance) {
    List<String> classes = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    DataSpec borne =
        new DataSpec(
            spec.uri(),
            "",
            spec.format(),
            spec.columns(),
            spec.form(),
            CsvTable.Header.AUTO,
            tolerance);
    return new DataSources(spark).open(borne, Split.TRAIN, classes);
  }

  private static DataSpec spec(String uri, Columns columns) {
    DataSpec spec = DataSpec.of(uri);
    return new DataSpec(
        uri, "", spec.format(), columns, spec.form(), spec.header(), spec.tolerance());
  }

  private static String failure(DataSpec spec, Tolerance tolerance) {
    GradcastException e =
        assertThrows(
            GradcastException.class,
            () -> DataFailures.reading(spec.uri(), () -> read(open(spec, tolerance))));
    assertEquals(3, e.kind().exitCode(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  /** Where all must be good, some are not looked at before. */
  private static long read(Source source) {
    return source
        .read(JavaSparkContext.fromSparkContext(spark.sparkContext()), 2)
        .map(Samples::count)
        .reduce(Integer::sum);
  }

  private static void assertPieces(String text, String... pieces) {
    for (String piece : pieces) {
      assertTrue(text.contains(piece), () -> "expected \"" + piece + "\" in: " + text);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void isAnErrorThatNamesTheRecord(Fault fault) throws IOException {
    fault.writer().write(data);
    assertPieces(
        failure(spec(data.toString(), fault.columns()), Tolerance.NONE),
        "data " + data + ": ",
        fault.record() + ": ",
        fault.problem(),
        "; on-bad-record = skip leaves it out");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void isLeftOutAndListed(Fault fault) throws IOException {
    fault.writer().write(data);
    Source source = open(spec(data.toString(), fault.columns()), SKIP);
    assertEquals(1, source.bad());
    assertEquals(COUNT - 1, source.count());
    List<Source.Rejected> rejected = new ArrayList<>();
    source.rejected().forEachRemaining(rejected::add);
    assertEquals(1, rejected.size());
    assertTrue(rejected.get(0).record().endsWith(fault.record()), rejected.get(0).record());
    assertPieces(rejected.get(0).problem(), fault.problem());
    List<Integer> labels =
        digits.all().stream().filter(d -> d.id() != BAD).map(Digits.Digit::label).toList();
    assertEquals(labels, labels(source));
  }

  /** By the ids of samples. */
  private static List<Integer> labels(Source source) {
    Map<Long, Integer> labels = new TreeMap<>();
    for (long[] part : source.read(context, 2).map(BadRecordsTest::idsAndLabels).collect()) {
      for (int i = 0; i < part.length; i += 2) {
        labels.put(part[i], Math.toIntExact(part[i + 1]));
      }
    }
    return List.copyOf(labels.values());
  }

  private static long[] idsAndLabels(Samples samples) {
    return IntStream.range(0, samples.count())
        .boxed()
        .flatMapToLong(i -> LongStream.of(samples.ids()[i], samples.labels()[i]))
        .toArray();
  }
}
