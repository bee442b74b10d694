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
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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

  @TempDir private static Path folder;
  private static Digits train;
  private static Digits test;
  @AutoClose private static SparkSession spark;
  @AutoClose private static Hdfs hdfs;
  private static String expected;

  @BeforeAll
  static void trainOnIdx() throws IOException {
    train = Digits.of(Split.TRAIN, 301);
    test = Digits.of(Split.TEST, 97);
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

  @Test
  void idx() throws IOException {
    assertSame(DataSpec.of(folder.resolve("idx").toString()));
  }

  /** Checks that data in a folder of local files train to the bytes of IDX, and from HDFS too. */
  private static void assertSame(DataSpec spec) throws IOException {
    assertEquals(expected, train(spec, 2), spec.uri());
    Path local = Path.of(spec.uri());
    String copy = hdfs.upload(local, "/" + folder.relativize(local));
    assertEquals(expected, train(spec.withUri(copy), 3), copy);
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

  static Stream<Variant> variants() {
    return Stream.of(
        new Variant("parquet of PNG", "", parquet(Pixels.PNG)),
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
                    .option("maxRecordsPerFile", 40)
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
                    .option("maxRecordsPerFile", 40)
                    .orc(to.toString())),
        new Variant("folders of PNG", Digits::writePngs),
        new Variant("csv", "id", (digits, to) -> digits.writeCsv(to.resolve("all.csv"), true)),
        new Variant(
            "shuffled csv without header",
            (digits, to) -> digits.shuffled().writeCsv(to.resolve("all.csv"), false),
            new Columns("", "1", "0"),
            255));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void variants(Variant variant) throws IOException {
    Path local = folder.resolve(variant.name().replaceAll("\\W", "-"));
    variant.writer().write(train, local.resolve("train"));
    variant.writer().write(test, local.resolve("test"));
    assertSame(variant.spec(local));
  }
}
