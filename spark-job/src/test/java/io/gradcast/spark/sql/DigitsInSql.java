package io.gradcast.spark.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.spark.score.Scorer;
import io.gradcast.spark.score.SmallModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A session of Spark with a table of digits, {@code digits}, and two models for it. */
final class DigitsInSql implements AutoCloseable {

  /** Of each partition some groups that are full and one that is not. */
  static final int COUNT = 101;

  private static final Samples SAMPLES = SmallModel.digits(COUNT);

  /** Rows whose id is a multiple have no image. */
  private static final int EMPTY = 10;

  static final byte[] SMALLER = png(SAMPLES.image(1), 9);

  private final SparkSession spark;
  private final Path folder;
  private final String one;
  private final String several;

  /** What each row with an image is found to be, by single images. */
  private final Map<Long, Row> expected;

  /**
   * Starts Spark with the functions.
   *
   * @param folder for all files
   */
  DigitsInSql(Path folder) throws IOException {
    this.folder = folder;
    Model model = SmallModel.of(false, 1);
    one = write("one", model);
    several = write("several", SmallModel.of(true, 2));
    expected = predictions(model);
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.local.dir", folder.resolve("local").toString())
            .config("spark.sql.shuffle.partitions", 3)
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate();
    GradcastFunctions.register(spark);
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("label", DataTypes.IntegerType)
            .add("image", DataTypes.BinaryType)
            .add("png", DataTypes.BinaryType)
            .add("numbers", DataTypes.createArrayType(DataTypes.FloatType))
            .add("vector", SQLDataTypes.VectorType());
    spark
        .createDataFrame(IntStream.range(0, COUNT).mapToObj(i -> row(i)).toList(), schema)
        .repartition(3)
        .write()
        .parquet(folder.resolve("digits").toString());
    spark.read().parquet(folder.resolve("digits").toString()).createOrReplaceTempView("digits");
  }

  @Override
  public void close() {
    spark.stop();
  }

  SparkSession spark() {
    return spark;
  }

  /** What each row with an image is found to be, by single images. */
  Map<Long, Row> expected() {
    return expected;
  }

  /** The path of the model that queries call $one. */
  String one() {
    return one;
  }

  private String write(String name, Model model) throws IOException {
    Path file = folder.resolve(name + ".safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      SafeTensors.write(model, out);
    }
    return file.toString();
  }

  private static Row row(int i) {
    byte[] image = SAMPLES.image(i);
    List<Float> numbers = new ArrayList<>();
    double[] vector = new double[image.length];
    for (int p = 0; p < image.length; p++) {
      numbers.add((float) (image[p] & 0xff));
      vector[p] = (image[p] & 0xff) / 255.0;
    }
    return i % EMPTY == 0
        ? RowFactory.create((long) i, SAMPLES.label(i), null, null, null, null)
        : RowFactory.create(
            (long) i, SAMPLES.label(i), image, png(image, 28), numbers, Vectors.dense(vector));
  }

  /** A square of the top left pixels. */
  private static byte[] png(byte[] image, int side) {
    BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < side; y++) {
      picture.getRaster().setDataElements(0, y, side, 1, rowOf(image, y, side));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static byte[] rowOf(byte[] image, int y, int side) {
    byte[] row = new byte[side];
    System.arraycopy(image, y * 28, row, 0, side);
    return row;
  }

  static Map<Long, Row> predictions(Model model) {
    Scorer scorer = new Scorer(model);
    Map<Long, Row> predictions = new TreeMap<>();
    for (int i = 0; i < COUNT; i++) {
      if (i % EMPTY != 0) {
        scorer.score(new byte[][] {SAMPLES.image(i)}, 1);
        float[] scores = scorer.scores(0);
        List<Float> list = new ArrayList<>();
        float best = 0;
        for (float score : scores) {
          list.add(score);
          best = Math.max(best, score);
        }
        predictions.put((long) i, RowFactory.create(scorer.predicted(0), best, list));
      }
    }
    return predictions;
  }

  /** Runs a query, in which $one and $several are models. */
  List<Row> sql(String query) {
    return spark
        .sql(query.replace("$one", "'" + one + "'").replace("$several", "'" + several + "'"))
        .collectAsList();
  }

  /** Checks what a query of the columns {@code id} and {@code p} results in. */
  void assertPredictions(Map<Long, Row> predictions, String query) {
    Map<Long, Row> found = new TreeMap<>();
    for (Row row : sql(query)) {
      Row p = row.getAs("p");
      if (p != null) {
        List<Float> scores = p.getList(2);
        found.put(
            row.getAs("id"), RowFactory.create(p.getString(0), p.getFloat(1), List.copyOf(scores)));
      }
    }
    assertEquals(predictions, found, query);
  }

  /** Those that are of a class. */
  Map<Long, Row> expectedOf(String predicted) {
    Map<Long, Row> some = new TreeMap<>(expected);
    some.values().removeIf(p -> !p.getString(0).equals(predicted));
    assertTrue(some.size() > 1 && some.size() < expected.size(), some::toString);
    return some;
  }
}
