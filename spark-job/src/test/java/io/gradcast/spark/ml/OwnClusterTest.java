package io.gradcast.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.data.SyntheticDigits.Split;
import io.gradcast.spark.cluster.Application;
import io.gradcast.spark.cluster.SmallTraining;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several executors of somebody's own session, which knows nothing of what we send to them. */
class OwnClusterTest {

  @TempDir private Path folder;

  /** By Kryo, which finds no class registered; Java's own serializer is in the other tests. */
  @Test
  void trainsToTheSameBytes() throws Exception {
    SmallTraining training = SmallTraining.in(folder);
    SparkConf conf =
        Application.onLocalCluster(2)
            .remove("spark.plugins")
            .remove("spark.kryo.registrator")
            .remove("spark.kryo.registrationRequired")
            .set("spark.serializer", KryoSerializer.class.getName());
    try (SparkSession spark = Tables.session(conf)) {
      Dataset<Row> digits = Tables.digits(spark, Split.TRAIN, SmallTraining.TRAIN);
      CnnClassificationModel model =
          Tables.like(SmallTraining.CONFIG).setIdCol("id").fit(digits.repartition(3));
      assertEquals(training.onThreads(1), Tables.sha256(model, folder));
      Dataset<Row> test = Tables.digits(spark, Split.TEST, 40);
      assertEquals(40, model.transform(test).where("prediction >= 0").count());
    }
  }
}
