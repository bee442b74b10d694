package io.gradcast.spark.ml;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.SyntheticDigits.Split;
import io.gradcast.spark.cluster.SmallTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a session that somebody else made and goes on to use. */
@Tag("newer")
class CnnClassifierTest {

  @TempDir private static Path folder;
  @AutoClose private static SparkSession spark;
  private static SmallTraining training;
  private static Dataset<Row> digits;

  @BeforeAll
  static void start() throws IOException {
    training = SmallTraining.in(folder);
    spark = Tables.session();
    digits = Tables.digits(spark, Split.TRAIN, SmallTraining.TRAIN);
  }

  @AfterEach
  void nothingIsLeftBehind() {
    assertEquals(0, spark.sparkContext().getPersistentRDDs().size());
    assertFalse(spark.sparkContext().isStopped());
  }

  private static CnnClassifier small() {
    return Tables.like(SmallTraining.CONFIG);
  }

  private static String sha256(CnnClassificationModel model) throws IOException {
    return Tables.sha256(model, folder);
  }

  @Test
  void withIdsTheModelIsThatOfTheCommandLine() throws Exception {
    Dataset<Row> shuffled = digits.repartition(5, col("label")).sortWithinPartitions("features");
    assertEquals(training.onThreads(1), sha256(small().setIdCol("id").fit(shuffled)));
  }

  @Test
  void withoutIdsTheModelDependsOnTheImagesAlone() throws Exception {
    String model = sha256(small().fit(digits.drop("id").coalesce(1)));
    assertEquals(model, sha256(small().fit(digits.orderBy(col("id").desc()).repartition(7))));
    assertNotEquals(model, sha256(small().setSeed(4).fit(digits)));
  }

  private static Column numbers() {
    return vector_to_array(col("features"), "float64");
  }

  @Test
  void pixelsMayBeNumbersUpToOne() throws Exception {
    String expected = training.onThreads(1);
    Dataset<Row> shares =
        digits.withColumn("features", functions.transform(numbers(), number -> number.divide(255)));
    assertEquals(expected, sha256(small().setIdCol("id").setWhite(1).fit(shares)));
  }

  @Test
  void savedEstimatorIsTheSame() throws Exception {
    CnnClassifier classifier = small().setChannels(1).setImageSize("28x28").setLabelCol("kind");
    String path = folder.resolve("estimator").toString();
    classifier.save(path);
    CnnClassifier loaded = CnnClassifier.load(path);
    assertEquals(classifier.uid(), loaded.uid());
    assertEquals(classifier.extractParamMap().toString(), loaded.extractParamMap().toString());
  }

  @Test
  void copiesTakeOtherParamsAlong() {
    CnnClassifier classifier = small();
    CnnClassifier copy = classifier.copy(new ParamMap().put(classifier.epochs().w(7)));
    assertEquals(classifier.uid(), copy.uid());
    assertEquals(7, copy.getOrDefault(copy.epochs()));
    assertEquals(SmallTraining.CONFIG.batchSize(), copy.getOrDefault(copy.batchSize()));
    assertEquals(SmallTraining.CONFIG.epochs(), classifier.getOrDefault(classifier.epochs()));
  }

  @Test
  void valuesThatCannotBeAreRefusedWhenTheyAreSet() {
    assertRefused("epochs: expected 1 or more, found -1", it -> it.setEpochs(-1));
    assertRefused("batch-size: expected 1 to 1048576, found 0", it -> it.setBatchSize(0));
    assertRefused(
        "learning-rate: expected a number above 0, found 0.0", it -> it.setLearningRate(0));
    assertRefused(
        "optimizer: expected sgd, momentum, nesterov, adam or adamw, found newton",
        it -> it.setOptimizer("newton"));
    assertRefused(
        "image-size: expected HEIGHTxWIDTH in pixels, as 28x28, found 28",
        it -> it.setImageSize("28"));
    assertRefused("channels: expected 1 or more, found 0", it -> it.setChannels(0));
    assertRefused("white: expected a number above 0, found 0.0", it -> it.setWhite(0));
  }

  @Test
  void trainingThatCannotBeIsOneSentence() {
    assertRefused(
        "network: expected the name of a network in conf/networks or a file, found zang",
        it -> it.setNetwork("zang").fit(digits));
    assertRefused(
        "network: network: 1: Expecting close brace } or a comma, got end of file",
        it -> it.setNetwork("layers = [{ type = relu").fit(digits));
    assertRefused(
        "features: expected vectors, arrays of numbers, or bytes that are PNG, JPEG or pixels,"
            + " found string",
        it -> it.fit(digits.withColumn("features", lit("an image"))));
    assertRefused(
        "expected 28 x 29 numbers or bytes, found 784", it -> it.setImageSize("28x29").fit(digits));
    assertRefused(
        "expected a square image",
        it -> it.fit(digits.withColumn("features", functions.slice(numbers(), 1, 783))));
    assertRefused("numbers from 0 to 1, found", it -> it.setWhite(1).fit(digits));
    assertRefused(
        "label: expected the numbers of classes, from 0, found -1",
        it -> it.fit(digits.withColumn("label", col("label").minus(1))));
    assertRefused(
        "expected a whole number or a name as label, found ",
        it -> it.fit(digits.withColumn("label", col("label").plus(0.5))));
    assertRefused("labels of two classes or more", it -> it.fit(digits.where("label = 0")));
  }

  @Test
  void pythonHasTheSameParams() throws IOException {
    String python = Files.readString(Path.of("src/main/python/gradcast.py"));
    Set<String> expected = new TreeSet<>();
    for (Param<?> param : new CnnClassifier().params()) {
      expected.add(param.name());
    }
    // PySpark has these itself.
    expected.removeAll(
        Set.of(
            "featuresCol",
            "labelCol",
            "predictionCol",
            "probabilityCol",
            "rawPredictionCol",
            "thresholds"));
    Set<String> found = new TreeSet<>();
    Matcher matcher = Pattern.compile("(\\w+) = _param\\(\\s*\"(\\w+)\"").matcher(python);
    while (matcher.find()) {
      assertEquals(matcher.group(1), matcher.group(2));
      found.add(matcher.group(1));
    }
    assertEquals(expected, found);
  }

  private static void assertRefused(String sentence, Consumer<CnnClassifier> use) {
    GradcastException e =
        assertThrows(GradcastException.class, () -> use.accept(new CnnClassifier().setEpochs(1)));
    assertTrue(e.getMessage().contains(sentence), e::getMessage);
    assertEquals(1, e.getMessage().lines().count(), e::getMessage);
  }
}
