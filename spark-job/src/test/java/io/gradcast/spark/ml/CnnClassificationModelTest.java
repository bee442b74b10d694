package io.gradcast.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.SyntheticDigits.Split;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.spark.cluster.SmallTraining;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CnnClassificationModelTest {

  @TempDir private static Path folder;
  @AutoClose private static SparkSession spark;
  private static Model trained;
  private static Dataset<Row> digits;

  @BeforeAll
  static void train() throws Exception {
    trained = SmallTraining.in(folder).modelOnThreads(1);
    spark = Tables.session();
    digits = Tables.digits(spark, Split.TEST, 37).repartition(3);
  }

  private static CnnClassificationModel model() {
    return new CnnClassificationModel("a model", trained);
  }

  @Test
  void groupsOfRowsAreScoredLikeSingleVectors() {
    CnnClassificationModel model = model();
    for (Row row : model.transform(digits).collectAsList()) {
      Vector features = row.getAs("features");
      assertEquals(model.predictRaw(features), row.getAs("rawPrediction"));
      assertEquals(model.predictProbability(features), row.getAs("probability"));
      assertEquals(model.predict(features), row.<Double>getAs("prediction"));
      assertEquals(1, Arrays.stream(row.<Vector>getAs("probability").toArray()).sum(), 1e-12);
    }
  }

  @Test
  void rowsKeepTheirColumns() {
    Dataset<Row> scored = model().transform(digits);
    assertEquals(
        List.of("id", "label", "features", "rawPrediction", "probability", "prediction"),
        List.of(scored.columns()));
    assertEquals(digits.collectAsList(), scored.select("id", "label", "features").collectAsList());
  }

  @Test
  void savedModelIsTheSame() throws Exception {
    CnnClassificationModel model = model().setPredictionCol("found").setWhite(510);
    String path = folder.resolve("saved").toString();
    model.save(path);
    CnnClassificationModel loaded = CnnClassificationModel.load(path);
    assertEquals("a model", loaded.uid());
    assertEquals("found", loaded.getPredictionCol());
    assertEquals(model.extractParamMap().toString(), loaded.extractParamMap().toString());
    assertEquals(model.transform(digits).collectAsList(), loaded.transform(digits).collectAsList());
  }

  @Test
  void modelsOfTheCommandLineAreRead() throws Exception {
    Path file = folder.resolve("trained.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      SafeTensors.write(trained, out);
    }
    assertEquals(
        model().transform(digits).collectAsList(),
        CnnClassificationModel.fromFile(file.toString()).transform(digits).collectAsList());
  }

  @Test
  void columnsWithoutANameAreLeftOut() {
    CnnClassificationModel model = model().setRawPredictionCol("").setPredictionCol("");
    assertEquals(
        List.of("id", "label", "features", "probability"),
        List.of(model.transform(digits).columns()));
  }

  @Test
  void thresholdsDecide() {
    double[] thresholds = new double[10];
    Arrays.fill(thresholds, 1);
    thresholds[3] = 1e-6;
    CnnClassificationModel model = model().setThresholds(thresholds);
    assertEquals(37, model.transform(digits).where("prediction = 3").count());
    assertEquals(3, model.predict(digits.first().getAs("features")));

    // As an estimator would hand them on.
    CnnClassificationModel two =
        model().copy(new ParamMap().put(model.thresholds().w(new double[] {1, 2})));
    GradcastException e = assertThrows(GradcastException.class, () -> two.transform(digits));
    assertEquals("thresholds: expected 10, one a class, found 2", e.getMessage());
  }

  @Test
  void scoresBecomeADistribution() {
    DenseVector raw = new DenseVector(new double[] {-0.5, 0.2, 0.6});
    assertArrayEquals(new double[] {0, 0.25, 0.75}, model().raw2probability(raw).toArray(), 1e-15);
    DenseVector none = new DenseVector(new double[] {0, 0});
    assertArrayEquals(new double[] {0.5, 0.5}, model().raw2probability(none).toArray());
  }

  @Test
  void imagesOfAnotherSizeAreOneSentence() {
    Vector features = Vectors.dense(new double[785]);
    GradcastException e = assertThrows(GradcastException.class, () -> model().predictRaw(features));
    assertEquals("features: expected 1 x 28 x 28 numbers or bytes, found 785", e.getMessage());
  }
}
