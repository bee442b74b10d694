package io.gradcast.spark.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.store.Publication;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is packed comes back bit by bit, or not at all. */
class PackedSourceTest {

  private static final RandomSource ONE_LABEL =
      new RandomSource(new Shape(1, 28, 28), 500, false, 10);

  @TempDir private Path folder;
  @AutoClose private static SparkSession spark;
  private static JavaSparkContext context;

  /** A task may fail twice. */
  @BeforeAll
  static void start() {
    SparkConf conf =
        SparkTrainer.configure(new SparkConf())
            .setMaster("local[2,3]")
            .setAppName("packed")
            .set("spark.ui.enabled", "false");
    spark = SparkSession.builder().config(conf).getOrCreate();
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  private static Storage storage() {
    return new Storage(context.hadoopConfiguration());
  }

  private static PackedManifest pack(Source source, Path output) {
    try (Publication publication = storage().publish(output.toString(), false)) {
      PackedManifest manifest = new Packer(context, publication).pack(source, "", done -> {});
      publication.commit();
      return manifest;
    }
  }

  private static PackedSource open(Path output) {
    return PackedSource.open(
        storage(), new org.apache.hadoop.fs.Path(output.toString()), List.of());
  }

  private static String fingerprint(Source source, int partitions) {
    return source.read(context, partitions).map(Fingerprint::of).collect().stream()
        .reduce(Fingerprint.EMPTY, Fingerprint::plus)
        .toString();
  }

  private static List<RandomSource> kinds() {
    return List.of(
        ONE_LABEL,
        new RandomSource(new Shape(1, 5, 7), 1, false, 3),
        new RandomSource(new Shape(3, 40, 30), 2_000, false, 2),
        new RandomSource(new Shape(1, 6, 6), 700, true, 5),
        new RandomSource(new Shape(3, 2_000, 1_000), 3, true, 1));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyBitComesBack(RandomSource source) {
    Path output = folder.resolve("packed");
    PackedManifest packed = pack(source, output);
    PackedSource read = open(output);
    assertEquals(source.shape(), read.shape());
    assertEquals(source.count(), read.count());
    assertEquals(source.severalLabels(), read.severalLabels());
    assertEquals(source.classes(), read.classes());
    Fingerprint expected = Fingerprint.of(source.samples(0, source.count()));
    assertEquals(expected.toString(), packed.fingerprint());
    assertEquals(packed.json(), read.manifest().json());
    for (int partitions : List.of(1, 2, 7, 1_000)) {
      assertEquals(expected.toString(), fingerprint(read, partitions), "of " + partitions);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void manifestHasTheStatistics(RandomSource source) {
    DataStatistics expected = new DataStatistics(source.shape().channels(), source.labelClasses());
    expected.add(source.samples(0, source.count()));
    PackedManifest packed = pack(source, folder.resolve("packed"));
    assertEquals(LongStream.of(expected.samples()).boxed().toList(), packed.samples());
    for (int channel = 0; channel < source.shape().channels(); channel++) {
      assertEquals(expected.means()[channel], packed.mean().get(channel).floatValue());
      assertEquals(expected.deviations()[channel], packed.deviation().get(channel).floatValue());
    }
  }

  @Test
  void littleDataAreEnoughForManyTasks() {
    pack(ONE_LABEL, folder.resolve("packed"));
    List<Integer> counts =
        open(folder.resolve("packed"))
            .read(context, 6)
            .mapPartitions(
                pieces -> {
                  int count = 0;
                  while (pieces.hasNext()) {
                    count += pieces.next().count();
                  }
                  return List.of(count).iterator();
                })
            .collect();
    assertEquals(6, counts.size());
    assertTrue(counts.stream().allMatch(count -> count > 50), counts::toString);
  }

  @Test
  void sparkReadsItAsATable() {
    Path output = folder.resolve("packed");
    RandomSource several = new RandomSource(new Shape(1, 6, 6), 700, true, 5);
    pack(several, output);
    Row row = row("id long, labels array<int>, image binary", output, 123);
    Samples expected = several.samples(123, 124);
    assertArrayEquals(expected.pixels(), row.<byte[]>getAs("image"));
    Set<Integer> labels = new TreeSet<>(row.<Integer>getList(row.fieldIndex("labels")));
    for (int i = 0; i < 5; i++) {
      assertEquals(expected.has(0, i), labels.contains(i), "class " + i);
    }
    pack(ONE_LABEL, folder.resolve("one"));
    Row one = row("id long, label int, image binary", folder.resolve("one"), 321);
    assertEquals(ONE_LABEL.samples(321, 322).label(0), one.<Integer>getAs("label"));
  }

  private static Row row(String schema, Path packed, long id) {
    List<Row> rows =
        spark.read().schema(schema).parquet(packed.toString()).where("id = " + id).collectAsList();
    assertEquals(1, rows.size());
    return rows.get(0);
  }

  @Test
  void otherClassesAreRefused() {
    pack(ONE_LABEL, folder.resolve("packed"));
    org.apache.hadoop.fs.Path packed =
        new org.apache.hadoop.fs.Path(folder.resolve("packed").toString());
    List<String> classes = ONE_LABEL.classes();
    List<String> more = new ArrayList<>(classes);
    more.add("another");
    assertEquals(classes, PackedSource.open(storage(), packed, more).classes());
    GradcastException refused =
        assertThrows(
            GradcastException.class,
            () -> PackedSource.open(storage(), packed, classes.subList(1, 10)));
    assertRefused(refused, List.of("_gradcast.json: expected the classes [class 1,"));
  }

  @Test
  void progressIsOfSamplesAndEndsWithAll() {
    AtomicLong last = new AtomicLong();
    try (Publication publication = storage().publish(folder.resolve("packed").toString(), false)) {
      new Packer(context, publication)
          .pack(
              ONE_LABEL,
              "train",
              done -> {
                assertTrue(done > last.get(), "more than before");
                last.set(done);
              });
    }
    assertEquals(ONE_LABEL.count(), last.get());
  }

  /** Fails in the first attempt at each partition, when all of it is written. */
  private record Unsteady(RandomSource source) implements Source {

    @Override
    public String name() {
      return "unsteady";
    }

    @Override
    public Shape shape() {
      return source.shape();
    }

    @Override
    public long count() {
      return source.count();
    }

    @Override
    public boolean severalLabels() {
      return source.severalLabels();
    }

    @Override
    public List<String> classes() {
      return source.classes();
    }

    @Override
    public long[] samplesPerClass() {
      return source.samplesPerClass();
    }

    @Override
    public JavaRDD<Samples> read(JavaSparkContext context, int partitions) {
      return source
          .read(context, partitions)
          .mapPartitions(pieces -> Stream.concat(Stream.of(pieces.next()), loss()).iterator());
    }

    private static Stream<Samples> loss() {
      return Stream.<Samples>generate(
              () -> {
                throw new IllegalStateException("lost");
              })
          .limit(TaskContext.get().attemptNumber() == 0 ? 1 : 0);
    }
  }

  @Test
  void attemptsThatFailedLeaveNothing() throws IOException {
    Path output = folder.resolve("packed");
    PackedManifest packed = pack(new Unsteady(ONE_LABEL), output);
    assertEquals(fingerprint(ONE_LABEL, 2), packed.fingerprint());
    assertEquals(packed.fingerprint(), fingerprint(open(output), 2));
    Set<String> expected =
        packed.files().stream().map(PackedFile::name).collect(Collectors.toSet());
    expected.add(PackedManifest.FILE);
    try (Stream<Path> files = Files.list(output)) {
      assertEquals(
          expected, files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  @Test
  void sourceThatLostSamplesIsRefused() {
    Source shrunk = new RandomSource(new Shape(1, 4, 4), 100, false, 2);
    Part part = new Part(shrunk, 101, samples -> samples);
    GradcastException refused =
        assertThrows(GradcastException.class, () -> pack(part, folder.resolve("packed")));
    assertEquals("noise: expected 101 samples, as at first, found 100", refused.getMessage());
    assertFalse(Files.exists(folder.resolve("packed")), "an output");
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
    pack(ONE_LABEL, output);
    damage.to(output);
    assertRefused(assertThrows(GradcastException.class, () -> open(output)), pieces);
  }

  private static void assertRefused(GradcastException refused, List<String> pieces) {
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
    pack(ONE_LABEL, output);
    PackedSource opened = open(output);
    damage.to(output);
    PackedSource source =
        Files.exists(first(output)) && name.contains("rows") ? open(output) : opened;
    Throwable thrown = assertThrows(SparkException.class, () -> fingerprint(source, 2));
    while (thrown != null && !(thrown instanceof GradcastException)) {
      thrown = thrown.getCause();
    }
    assertRefused((GradcastException) thrown, pieces);
  }
}
