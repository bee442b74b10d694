package io.gradcast.spark.sql;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictFunctionTest {

  /** Of each partition some groups that are full and one that is not. */
  private static final int COUNT = 101;

  private static final Samples SAMPLES = SmallModel.digits(COUNT);

  /** Rows whose id is a multiple have no image. */
  private static final int EMPTY = 10;

  private static final byte[] SMALLER = png(SAMPLES.image(1), 9);

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static String one;
  private static String several;

  /** What each row with an image is found to be, by single images. */
  private static Map<Long, Row> expected;

  @BeforeAll
  static void start() throws IOException {
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

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static String write(String name, Model model) throws IOException {
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

  private static Map<Long, Row> predictions(Model model) {
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

  private static List<Row> sql(String query) {
    return spark
        .sql(query.replace("$one", "'" + one + "'").replace("$several", "'" + several + "'"))
        .collectAsList();
  }

  /** Checks what a query of the columns {@code id} and {@code p} results in. */
  private static void assertPredictions(Map<Long, Row> predictions, String query) {
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

  private static void assertCounts(List<Row> rows) {
    Map<String, Long> counts =
        expected.values().stream()
            .collect(Collectors.groupingBy(p -> p.getString(0), Collectors.counting()));
    assertEquals(
        counts,
        rows.stream()
            .filter(row -> !row.isNullAt(0))
            .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1))));
  }

  private static Map<Long, Row> expectedOf(String predicted) {
    Map<Long, Row> some = new TreeMap<>(expected);
    some.values().removeIf(p -> !p.getString(0).equals(predicted));
    assertTrue(some.size() > 1 && some.size() < expected.size(), some::toString);
    return some;
  }

  private static String aClass() {
    return expected.get(1L).getString(0);
  }

  @Test
  void everyKindOfImageIsPredictedAsAlone() {
    assertPredictions(expected, "SELECT id, gradcast_predict($one, image) p FROM digits");
    assertPredictions(expected, "SELECT id, gradcast_predict($one, png) p FROM digits");
    assertPredictions(expected, "SELECT id, gradcast_predict($one, numbers) p FROM digits");
    assertPredictions(
        expected, "SELECT id, gradcast_predict($one, vector, 'white=1') p FROM digits");
    assertEquals(COUNT, sql("SELECT gradcast_predict($one, image) FROM digits").size());
    assertEquals(
        expected.size(),
        spark
            .table("digits")
            .select(call_function("gradcast_predict", lit(one), col("image")).as("p"))
            .where("p.confidence >= 0")
            .count());
  }

  @Test
  void filtersSortKeysAndGroupsMayUseIt() {
    String wanted = aClass();
    assertPredictions(
        expectedOf(wanted),
        "SELECT id, gradcast_predict($one, image) p FROM digits"
            + " WHERE gradcast_predict($one, image).predicted = '%s' AND id > 0".formatted(wanted));
    assertCounts(
        sql(
            "SELECT gradcast_predict($one, image).predicted, count(*) FROM digits"
                + " GROUP BY gradcast_predict($one, image).predicted"));
    assertCounts(
        sql(
            "SELECT p.predicted, count(*) FROM"
                + " (SELECT gradcast_predict($one, image) p FROM digits) GROUP BY p.predicted"));
    List<Row> sorted =
        sql(
            "SELECT id FROM digits WHERE image IS NOT NULL"
                + " ORDER BY gradcast_predict($one, image).scores[3], id LIMIT 7");
    assertEquals(
        expected.entrySet().stream()
            .sorted(Map.Entry.comparingByValue((a, b) -> third(a).compareTo(third(b))))
            .limit(7)
            .map(Map.Entry::getKey)
            .toList(),
        sorted.stream().map(row -> row.getLong(0)).toList());
  }

  private static Float third(Row p) {
    return (Float) ((List<?>) p.get(2)).get(3);
  }

  @Test
  void imagesMayBeWhatAGroupResultsIn() {
    assertPredictions(
        expected, "SELECT id, gradcast_predict($one, first(image)) p FROM digits GROUP BY id");
    assertPredictions(
        expected,
        "SELECT any_value(id) id, gradcast_predict($one, image) p FROM digits"
            + " WHERE image IS NOT NULL GROUP BY image");
    float sum =
        (float)
            sql("SELECT sum(gradcast_predict($one, image).confidence) FROM digits")
                .get(0)
                .getDouble(0);
    assertEquals(expected.values().stream().mapToDouble(p -> p.getFloat(1)).sum(), sum, 1e-4);
  }

  @Test
  void joinsViewsAndSubqueriesMayUseIt() {
    sql(
        "CREATE OR REPLACE TEMP VIEW found AS SELECT id, gradcast_predict($one, image) p FROM digits");
    String wanted = aClass();
    assertPredictions(expected, "SELECT * FROM found");
    assertPredictions(
        expectedOf(wanted), "SELECT * FROM found WHERE p.predicted = '%s'".formatted(wanted));
    assertPredictions(
        expected,
        "SELECT a.id, a.p FROM found a JOIN found b ON a.id = b.id AND a.p.predicted = b.p.predicted");
    assertPredictions(
        expected,
        "SELECT d.id, gradcast_predict($one, image) p FROM digits d JOIN"
            + " (SELECT col1 name FROM VALUES ('class 0'), ('class 1'), ('class 2'), ('class 3'),"
            + " ('class 4'), ('class 5'), ('class 6'), ('class 7'), ('class 8'), ('class 9'))"
            + " ON name = gradcast_predict($one, image).predicted");
    assertPredictions(
        expectedOf(wanted),
        "SELECT id, p FROM found WHERE id IN (SELECT id FROM digits"
            + " WHERE gradcast_predict($one, png).predicted = '%s')".formatted(wanted));
    assertPredictions(
        expected,
        "SELECT id, p FROM found f WHERE EXISTS (SELECT 1 FROM digits d WHERE d.id = f.id"
            + " AND gradcast_predict($one, d.png).predicted = f.p.predicted)");
    assertEquals(
        (long) expected.size(),
        sql("SELECT (SELECT count(gradcast_predict($one, png).predicted) FROM digits)")
            .get(0)
            .getLong(0));
    assertPredictions(
        expected,
        "WITH c AS (SELECT id, gradcast_predict($one, image) p FROM digits)"
            + " SELECT id, p FROM c WHERE id < 50 UNION ALL SELECT id, p FROM c WHERE id >= 50");
  }

  @Test
  void severalModelsMayBeInOneQuery() {
    List<Row> rows =
        sql(
            "SELECT id, gradcast_predict($one, image) p, gradcast_predict($several, image) q,"
                + " gradcast_predict($several, png).predicted r FROM digits");
    Map<Long, Row> others = predictions(SmallModel.of(true, 2));
    for (Row row : rows) {
      Row p = expected.get(row.getLong(0));
      Row q = others.get(row.getLong(0));
      assertEquals(p == null, row.isNullAt(1));
      assertEquals(p == null, row.isNullAt(2));
      if (p != null) {
        assertEquals(p.getString(0), row.getStruct(1).getString(0));
        assertEquals(q.getString(0), row.getStruct(2).getString(0));
        assertEquals(q.getString(0), row.getString(3));
      }
    }
    assertPredictions(
        predictions(SmallModel.of(true, 2)),
        "SELECT id, gradcast_predict($several, CASE WHEN gradcast_predict($one, image).confidence > 0"
            + " THEN image END) p FROM digits");
  }

  @Test
  void tablesMayBeCachedLimitedOrEmpty() {
    sql("CACHE TABLE kept AS SELECT id, gradcast_predict($one, image) p FROM digits");
    assertPredictions(expected, "SELECT * FROM kept");
    sql("UNCACHE TABLE kept");
    assertEquals(5, sql("SELECT gradcast_predict($one, image) FROM digits LIMIT 5").size());
    assertEquals(List.of(), sql("SELECT gradcast_predict($one, image) FROM digits WHERE id < 0"));
    assertEquals(
        List.of(), sql("SELECT gradcast_predict($one, image) FROM (SELECT * FROM digits LIMIT 0)"));
    assertTrue(sql("SELECT gradcast_predict($one, NULL)").get(0).isNullAt(0));
  }

  @Test
  void whatOperatorsShareIsEvaluatedOnce() {
    String plan =
        spark
            .sql(
                ("SELECT id, p.predicted, p.scores[1] FROM (SELECT id, gradcast_predict('%s', image)"
                        + " p FROM digits) WHERE p.predicted = 'class 1' AND id < 50")
                    .formatted(one))
            .queryExecution()
            .optimizedPlan()
            .toString();
    assertEquals(2, plan.split("Predictions ", -1).length, plan);
    assertTrue(plan.indexOf("(id", plan.indexOf("Predictions ")) > 0, plan);
  }

  private static void assertRefused(String sentence, String query) {
    Throwable e = assertThrows(Exception.class, () -> sql(query));
    while (e.getCause() != null) {
      e = e.getCause();
    }
    String message = e.getMessage().replace(one, "ONE");
    assertTrue(message.contains(sentence), () -> "expected \"" + sentence + "\" in: " + message);
  }

  @Test
  void badImagesAreNamed() {
    String from = "SELECT gradcast_predict($one, %s) FROM digits WHERE id = 11";
    assertRefused(
        "gradcast_predict('ONE', concat(digits.image, X'00')): row 0 of partition 0",
        from.formatted("image || X'00'"));
    assertRefused("found 783 other bytes", from.formatted("substring(image, 2)"));
    assertRefused("found null at place 1", from.formatted("array(1, NULL)"));
    assertRefused(
        "expected an image of 1x28x28, or the option resize, found 1x9x9",
        "SELECT gradcast_predict($one, X'%s')".formatted(HexFormat.of().formatHex(SMALLER)));
    assertEquals(
        1,
        sql("SELECT gradcast_predict($one, X'%s', 'resize')"
                .formatted(HexFormat.of().formatHex(SMALLER)))
            .size());
    assertRefused("numbers from 0 to 255, found -1", from.formatted("transform(numbers, x -> -1)"));
  }

  @Test
  void wrongCallsAreExplained() {
    String from = " FROM digits";
    assertRefused(
        "model: expected the path of a model as a constant",
        "SELECT gradcast_predict(string(id), image)" + from);
    assertRefused(
        "image: expected binary, an array of numbers or a vector",
        "SELECT gradcast_predict($one, label)" + from);
    assertRefused("requires", "SELECT gradcast_predict($one)" + from);
    assertRefused(
        "options: expected resize, channel-order=pixels or white=NUMBER above 0, found \"size\"",
        "SELECT gradcast_predict($one, image, 'size')" + from);
    assertRefused(
        "expected a model file or a folder with model.safetensors, found nothing",
        "SELECT gradcast_predict('absent', image)" + from);
    assertRefused(
        "expected an image from one side of a join, found one from both",
        "SELECT 1 FROM digits a JOIN digits b"
            + " ON gradcast_predict($one, coalesce(a.image, b.image)).confidence > 0");
    assertThrows(AnalysisException.class, () -> sql("SELECT gradcast_predict($one, label)" + from));
  }
}
