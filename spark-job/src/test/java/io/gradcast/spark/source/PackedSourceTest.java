package io.gradcast.spark.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.spark.store.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is packed comes back bit by bit, or not at all. */
@Tag("newer")
class PackedSourceTest {

  private static final RandomSource ONE_LABEL =
      new RandomSource(new Shape(1, 28, 28), 500, false, 10);

  @TempDir private Path folder;
  @AutoClose private static Packing packing;

  @BeforeAll
  static void start() {
    packing = new Packing();
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
    PackedManifest packed = packing.pack(source, output);
    PackedSource read = packing.open(output);
    assertEquals(source.shape(), read.shape());
    assertEquals(source.count(), read.count());
    assertEquals(source.severalLabels(), read.severalLabels());
    assertEquals(source.classes(), read.classes());
    Fingerprint expected = Fingerprint.of(source.samples(0, source.count()));
    assertEquals(expected.toString(), packed.fingerprint());
    assertEquals(packed.json(), read.manifest().json());
    for (int partitions : List.of(1, 2, 7, 1_000)) {
      assertEquals(expected.toString(), packing.fingerprint(read, partitions), "of " + partitions);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void manifestHasTheStatistics(RandomSource source) {
    DataStatistics expected = new DataStatistics(source.shape().channels(), source.labelClasses());
    expected.add(source.samples(0, source.count()));
    PackedManifest packed = packing.pack(source, folder.resolve("packed"));
    assertEquals(LongStream.of(expected.samples()).boxed().toList(), packed.samples());
    for (int channel = 0; channel < source.shape().channels(); channel++) {
      assertEquals(expected.means()[channel], packed.mean().get(channel).floatValue());
      assertEquals(expected.deviations()[channel], packed.deviation().get(channel).floatValue());
    }
  }

  @Test
  void littleDataAreEnoughForManyTasks() {
    packing.pack(ONE_LABEL, folder.resolve("packed"));
    List<Integer> counts =
        packing
            .open(folder.resolve("packed"))
            .read(packing.context(), 6)
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
    packing.pack(several, output);
    Row row = row("id long, labels array<int>, image binary", output, 123);
    Samples expected = several.samples(123, 124);
    assertArrayEquals(expected.pixels(), row.<byte[]>getAs("image"));
    Set<Integer> labels = new TreeSet<>(row.<Integer>getList(row.fieldIndex("labels")));
    for (int i = 0; i < 5; i++) {
      assertEquals(expected.has(0, i), labels.contains(i), "class " + i);
    }
    packing.pack(ONE_LABEL, folder.resolve("one"));
    Row one = row("id long, label int, image binary", folder.resolve("one"), 321);
    assertEquals(ONE_LABEL.samples(321, 322).label(0), one.<Integer>getAs("label"));
  }

  private static Row row(String schema, Path packed, long id) {
    List<Row> rows =
        packing
            .spark()
            .read()
            .schema(schema)
            .parquet(packed.toString())
            .where("id = " + id)
            .collectAsList();
    assertEquals(1, rows.size());
    return rows.get(0);
  }

  @Test
  void otherClassesAreRefused() {
    packing.pack(ONE_LABEL, folder.resolve("packed"));
    org.apache.hadoop.fs.Path packed =
        new org.apache.hadoop.fs.Path(folder.resolve("packed").toString());
    List<String> classes = ONE_LABEL.classes();
    List<String> more = new ArrayList<>(classes);
    more.add("another");
    assertEquals(classes, PackedSource.open(packing.storage(), packed, more).classes());
    GradcastException refused =
        assertThrows(
            GradcastException.class,
            () -> PackedSource.open(packing.storage(), packed, classes.subList(1, 10)));
    PackedDamageTest.assertRefused(
        refused, List.of("_gradcast.json: expected the classes [class 1,"));
  }

  @Test
  void progressIsOfSamplesAndEndsWithAll() {
    AtomicLong last = new AtomicLong();
    try (Publication publication =
        packing.storage().publish(folder.resolve("packed").toString(), false)) {
      new Packer(packing.context(), publication)
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
    PackedManifest packed = packing.pack(new Unsteady(ONE_LABEL), output);
    assertEquals(packing.fingerprint(ONE_LABEL, 2), packed.fingerprint());
    assertEquals(packed.fingerprint(), packing.fingerprint(packing.open(output), 2));
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
        assertThrows(GradcastException.class, () -> packing.pack(part, folder.resolve("packed")));
    assertEquals("noise: expected 101 samples, as at first, found 100", refused.getMessage());
    assertFalse(Files.exists(folder.resolve("packed")), "an output");
  }
}
