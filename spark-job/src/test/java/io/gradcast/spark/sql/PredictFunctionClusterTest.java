package io.gradcast.spark.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.spark.cluster.Application;
import io.gradcast.spark.score.Scorer;
import io.gradcast.spark.score.SmallModel;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors that are processes of their own, and a function that configuration alone makes known.
 */
class PredictFunctionClusterTest {

  private static final int COUNT = 60;

  @TempDir private Path folder;

  @Test
  void executorsHaveTheModelFromTheDriverThatReadItOnce() throws Exception {
    Model model = SmallModel.of(false, 1);
    Path file = folder.resolve("model.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      SafeTensors.write(model, out);
    }
    SparkConf conf =
        Application.onLocalCluster(2)
            .set("spark.hadoop.fs.counted.impl", CountedFileSystem.class.getName())
            .set("spark.sql.extensions", GradcastExtensions.class.getName())
            .set("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .set("spark.kryo.registrationRequired", "false");
    Samples samples = SmallModel.digits(COUNT);
    try (Application application = Application.start(conf, 2)) {
      SparkSession spark =
          SparkSession.builder().sparkContext(application.context().sc()).getOrCreate();
      spark
          .createDataFrame(
              IntStream.range(0, COUNT)
                  .mapToObj(i -> RowFactory.create(i, samples.image(i)))
                  .toList(),
              new StructType().add("id", DataTypes.IntegerType).add("image", DataTypes.BinaryType))
          .repartition(6)
          .createOrReplaceGlobalTempView("digits");
      String query =
          "SELECT gradcast_predict('counted:%s', image).predicted FROM global_temp.digits ORDER BY id"
              .formatted(folder);
      List<Row> first = spark.sql(query).collectAsList();
      List<Row> second = spark.newSession().sql(query).collectAsList();
      assertEquals(expected(model, samples), first);
      assertEquals(first, second);
    }
    assertEquals(List.of(ProcessHandle.current().pid()), CountedFileSystem.readers(file));
  }

  private static List<Row> expected(Model model, Samples samples) {
    Scorer scorer = new Scorer(model);
    return IntStream.range(0, COUNT)
        .mapToObj(
            i -> {
              scorer.score(new byte[][] {samples.image(i)}, 1);
              return RowFactory.create(scorer.predicted(0));
            })
        .toList();
  }
}
