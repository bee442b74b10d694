package io.gradcast.spark.ml;

import io.gradcast.engine.Sha256;
import io.gradcast.engine.data.SyntheticDigits;
import io.gradcast.engine.data.SyntheticDigits.Split;
import io.gradcast.engine.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Digits as a user of Spark ML has them: in a session and in tables of their own making. */
final class Tables {

  private Tables() {}

  /** A session that knows nothing of Gradcast. */
  static SparkSession session(SparkConf conf) {
    return SparkSession.builder()
        .config(conf)
        .appName("somebody's own")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }

  static SparkSession session() {
    return session(new SparkConf().setMaster("local[2]"));
  }

  /** An estimator for the same training. */
  static CnnClassifier like(TrainingConfig config) {
    return new CnnClassifier()
        .setEpochs(config.epochs())
        .setBatchSize(config.batchSize())
        .setLearningRate(config.learningRate())
        .setSeed(config.seed());
  }

  /** Of a model's file, which is written into a folder. */
  static String sha256(CnnClassificationModel model, Path folder) throws IOException {
    Path path = folder.resolve("model");
    model.write().overwrite().save(path.toString());
    byte[] file = Files.readAllBytes(path.resolve("model.safetensors"));
    return HexFormat.of().formatHex(Sha256.digest().digest(file));
  }

  /** The digits of {@link io.gradcast.spark.cluster.SmallTraining}, as id, label and features. */
  static Dataset<Row> digits(SparkSession spark, Split split, int count) {
    SyntheticDigits digits = new SyntheticDigits(7, split);
    List<Row> rows = new ArrayList<>();
    byte[] image = new byte[SyntheticDigits.PIXELS];
    for (int i = 0; i < count; i++) {
      digits.image(i, image);
      double[] pixels = new double[image.length];
      for (int j = 0; j < pixels.length; j++) {
        pixels[j] = Byte.toUnsignedInt(image[j]);
      }
      rows.add(RowFactory.create((long) i, digits.label(i), Vectors.dense(pixels)));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("id", DataTypes.LongType)
            .add("label", DataTypes.IntegerType)
            .add(new StructField("features", SQLDataTypes.VectorType(), false, Metadata.empty())));
  }
}
