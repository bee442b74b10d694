package io.gradcast.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.data.SyntheticDigits.Split;
import io.gradcast.spark.exchange.ResidentPlugin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Together with Spark's own stages, in a session that was started with the plugin. */
class PipelineTest {

  private static final String SMALL =
      "name = small, layers = [{ type = mean-pool, size = 4 },"
          + " { type = dense, units = ${classes} }], loss = softmax-cross-entropy";

  @TempDir private static Path folder;
  @AutoClose private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark =
        Tables.session(
            new SparkConf()
                .setMaster("local[2]")
                .set("spark.plugins", ResidentPlugin.class.getName()));
  }

  private static Dataset<Row> digits(int count) {
    return Tables.digits(spark, Split.TRAIN, count);
  }

  @Test
  void readmesExampleRunsAsShown() throws Exception {
    String names =
        "array('zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine')";
    digits(1000)
        .select(functions.col("features").as("image"), functions.expr(names + "[label] AS digit"))
        .createOrReplaceTempView("digits");
    Path saved = Path.of("runs", "digits-pipeline");
    try {
      double accuracy = PipelineExample.run(spark);
      assertTrue(accuracy > 0.8, () -> "accuracy " + accuracy);

      PipelineModel model = PipelineModel.load(saved.toString());
      CnnClassificationModel cnn =
          assertInstanceOf(CnnClassificationModel.class, model.stages()[1]);
      Dataset<Row> scored = model.transform(spark.table("digits"));
      Dataset<Row> named =
          new IndexToString()
              .setInputCol("prediction")
              .setOutputCol("found")
              .setLabels(cnn.classNames().toArray(new String[0]))
              .transform(scored);
      assertTrue(named.where("found = digit").count() > 800);
    } finally {
      Utils.deleteRecursively(saved.getParent().toFile());
    }
  }

  @Test
  void readmeShowsWhatRuns() throws Exception {
    String source =
        Files.readString(Path.of("src/test/java/io/gradcast/spark/ml/PipelineExample.java"));
    String example =
        source
            .substring(source.indexOf("README, from here\n") + 18, source.indexOf("    // to here"))
            .lines()
            .map(line -> line.replaceFirst("^ {4}", ""))
            .collect(Collectors.joining("\n"));
    String readme = Files.readString(Path.of("../README.md"));
    assertTrue(readme.contains("```java\n" + example + "\n```"), example);
  }

  @Test
  void crossValidationFindsTheBestParams() throws Exception {
    CrossValidatorModel one = crossValidated(1);
    CrossValidatorModel two = crossValidated(2);
    assertArrayEquals(one.avgMetrics(), two.avgMetrics());
    CnnClassificationModel best = assertInstanceOf(CnnClassificationModel.class, two.bestModel());
    assertEquals(
        Tables.sha256((CnnClassificationModel) one.bestModel(), folder),
        Tables.sha256(best, folder));
    CnnClassifier parent = (CnnClassifier) best.parent();
    assertEquals(0.5, parent.getOrDefault(parent.learningRate()));
    assertEquals(0, spark.sparkContext().getPersistentRDDs().size());
  }

  private static CrossValidatorModel crossValidated(int trainingsAtOnce) {
    // Grids are in the order of hash codes, which names are part of.
    CnnClassifier classifier = new CnnClassifier("cnn").setEpochs(2);
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(classifier.learningRate(), new double[] {1e-6, 0.5})
            .addGrid(classifier.network(), CollectionConverters.asScala(List.of(SMALL, "zhang")))
            .build();
    return new CrossValidator()
        .setEstimator(classifier)
        .setEstimatorParamMaps(grid)
        .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
        .setNumFolds(2)
        .setSeed(1)
        .setParallelism(trainingsAtOnce)
        .fit(digits(200));
  }
}
