package io.gradcast.spark.ml;

import java.io.IOException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The example of the README, word for word. */
final class PipelineExample {

  private PipelineExample() {}

  /** Trains on the table digits and writes a pipeline; returns its accuracy. */
  static double run(SparkSession spark) throws IOException {
    // README, from here
    Dataset<Row> digits = spark.table("digits"); // image: PNG, JPEG, pixels or a vector; digit
    Dataset<Row>[] parts = digits.randomSplit(new double[] {0.9, 0.1}, 1);
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StringIndexer().setInputCol("digit").setOutputCol("label"),
                  new CnnClassifier()
                      .setFeaturesCol("image")
                      .setNetwork("lenet5")
                      .setOptimizer("adam")
                      .setEpochs(5)
                });
    PipelineModel model = pipeline.fit(parts[0]);
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(model.transform(parts[1]));
    model.write().overwrite().save("runs/digits-pipeline");
    // to here
    return accuracy;
  }
}
