package io.gradcast.spark.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.Sha256;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.source.Digits.Pixels;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.store.Hdfs;
import io.gradcast.spark.store.Publication;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same images train to the same bytes whatever they are written as, whatever the file system,
 * and however files and rows are split and shuffled.
 */
class SameModelTest {

  private static final TrainingConfig CONFIG = new TrainingConfig(1, 50, 1.0, 3);

  private static final List<String> CLASSES =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  @TempDir private static Path folder;
  private static Digits train;
  private static Digits test;
  @AutoClose private static SparkSession spark;
  @AutoClose private static Hdfs hdfs;
  private static String expected;

  @BeforeAll
  static void trainOnIdx() throws IOException {
    train = Digits.of(Split.TRAIN, 103);
    test = Digits.of(Split.TEST, 23);
    spark = SparkSession.builder().config(SmallTraining.sparkConf("local[2]")).getOrCreate();
    hdfs = Hdfs.start(folder.resolve("hdfs"));
    Path idx = folder.resolve("idx");
    train.writeIdx(idx);
    test.writeIdx(idx);
    expected = train(DataSpec.of(idx.toString()), 1);
  }

  private static String train(DataSpec spec, int partitions) throws IOException {
    DataSources data = new DataSources(spark);
    Source all = data.open(spec, Split.TRAIN, List.of());
    Sources sources =
        new Sources(all, Optional.empty(), data.open(spec, Split.TEST, all.classes()));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    try (SparkTrainer trainer =
        new SparkTrainer(
            context,
            NetworkText.named("zhang"),
            CONFIG,
            sources,
            partitions,
            ExchangeKind.TREE,
            2)) {
      MessageDigest sha256 = Sha256.digest();
      SafeTensors.write(
          trainer.model(trainer.train(TrainingListener.NONE)),
          new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
      return HexFormat.of().formatHex(sha256.digest());
    }
  }

  /** Copies a folder of data to HDFS, and says the same of them there. */
  private static DataSpec onHdfs(DataSpec spec) throws IOException {
    Path local = Path.of(spec.uri());
    return spec.withUri(hdfs.upload(local, "/" + local.getFileName()));
  }

  @Test
  void idxOnHdfs() throws IOException {
    assertEquals(expected, train(onHdfs(DataSpec.of(folder.resolve("idx").toString())), 3));
  }

  /** How data are written, and what is to be said of them. */
  private record Variant(String name, Writer writer, Columns columns, int white) {

    Variant(String name, Writer writer) {
      this(name, writer, Columns.USUAL, 255);
    }

    Variant(String name, String id, Writer writer) {
      this(name, writer, new Columns("", "", id), 255);
    }

    DataSpec spec(Path at) {
      return new DataSpec(
          at.toString(),
          "",
          Format.AUTO,
          columns,
          new ImageForm(0, 0, 0, false, white),
          CsvTable.Header.AUTO,
          Tolerance.NONE);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Writes some digits into a new folder. */
  @FunctionalInterface
  private interface Writer {
    void write(Digits digits, Path to) throws IOException;
  }

  private static Writer parquet(Pixels pixels) {
    return (digits, to) -> digits.table(spark, pixels).write().parquet(to.toString());
  }

  /** As {@code pack} does it, from a folder of images. */
  private static void pack(Digits digits, Path to) throws IOException {
    Path images = Files.createTempDirectory(folder, "images");
    digits.writePngs(images);
    Source source =
        new DataSources(spark).open(DataSpec.of(images.toString()), Split.TRAIN, CLASSES);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Storage storage = new Storage(context.hadoopConfiguration());
    try (Publication publication = storage.publish(to.toString(), false)) {
      new Packer(context, publication).pack(source, "", done -> {});
      publication.commit();
    }
  }

  static Stream<Variant> variants() {
    return Stream.of(
        new Variant("parquet of PNG", parquet(Pixels.PNG)),
        new Variant("parquet of raw bytes", parquet(Pixels.RAW), new Columns("image", "", ""), 255),
        new Variant("parquet of array<int>", parquet(Pixels.INTS)),
        new Variant("parquet of array<double>", parquet(Pixels.DOUBLES), Columns.USUAL, 1),
        new Variant("parquet of vectors", parquet(Pixels.VECTORS), Columns.USUAL, 1),
        new Variant(
            "orc in many files",
            (digits, to) ->
                digits
                    .table(spark, Pixels.INTS)
                    .write()
                    .option("maxRecordsPerFile", 20)
                    .orc(to.toString())),
        new Variant(
            "parquet with names of its own",
            (digits, to) ->
                digits
                    .table(spark, Pixels.PNG)
                    .select(
                        col("id").cast("string").as("number of it"),
                        col("image").as("picture.png"),
                        col("label").cast("string").as("digit"))
                    .write()
                    .parquet(to.toString()),
            new Columns("picture.png", "digit", ""),
            255),
        new Variant(
            "partitioned and shuffled parquet with ids",
            "id",
            (digits, to) ->
                digits
                    .shuffled()
                    .table(spark, Pixels.RAW)
                    .write()
                    .partitionBy("label")
                    .parquet(to.toString())),
        new Variant(
            "shuffled orc in many files with ids that are text",
            "key",
            (digits, to) ->
                digits
                    .shuffled()
                    .table(spark, Pixels.PNG)
                    .select(expr("format_string('%05d', id) as key"), col("label"), col("image"))
                    .write()
                    .option("maxRecordsPerFile", 20)
                    .orc(to.toString())),
        new Variant("packed", SameModelTest::pack),
        new Variant("folders of PNG", Digits::writePngs),
        new Variant("csv", (digits, to) -> digits.writeCsv(to.resolve("all.csv"))),
        new Variant(
            "shuffled csv without header",
            (digits, to) -> digits.shuffled().writeCsvWithIds(to.resolve("all.csv")),
            new Columns("", "1", "0"),
            255));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("variants")
  void trainsTheSame(Variant variant) throws IOException {
    assertEquals(expected, train(write(variant), 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofEachFormat")
  void trainsTheSameFromHdfs(Variant variant) throws IOException {
    assertEquals(expected, train(onHdfs(write(variant)), 3));
  }

  /** Tasks read a part of a file each, or a file. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("ofEachFormat")
  void trainsTheSameFromOtherSplits(Variant variant) throws IOException {
    String size = "spark.sql.files.maxPartitionBytes";
    DataSpec spec = write(variant);
    spark.conf().set(size, "50000");
    try {
      assertEquals(expected, train(spec, 5));
    } finally {
      spark.conf().unset(size);
    }
  }

  static Stream<Variant> ofEachFormat() {
    List<String> names =
        List.of("packed", "parquet of PNG", "orc in many files", "folders of PNG", "csv");
    return variants().filter(variant -> names.contains(variant.name()));
  }

  private static DataSpec write(Variant variant) throws IOException {
    Path to = folder.resolve(variant.name().replaceAll("\\W", "-"));
    if (Files.notExists(to)) {
      variant.writer().write(train, to.resolve("train"));
      variant.writer().write(test, to.resolve("test"));
    }
    return variant.spec(to);
  }
}
