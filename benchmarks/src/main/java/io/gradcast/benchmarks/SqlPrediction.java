package io.gradcast.benchmarks;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.score.Scorer;
import io.gradcast.spark.score.SharedModel;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.source.Sources;
import io.gradcast.spark.sql.GradcastFunctions;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Images a second of {@code gradcast_predict} over a Parquet table of raw images, of a plain
 * function that sees one row at a time, and of training the same network in the same application.
 */
@Command(name = "sql.sh", mixinStandardHelpOptions = true, showDefaultValues = true)
final class SqlPrediction implements Callable<Integer> {

  private static final StructType SCHEMA = new StructType().add("image", DataTypes.BinaryType);

  @Option(names = "--data", required = true, description = "folder of MNIST's files, .gz")
  private Path data;

  @Option(names = "--master", description = "local[N]")
  private String master = "local[2]";

  @Option(names = "--network", description = "a network of conf/networks")
  private String network = "zhang";

  @Option(names = "--epochs", description = "of training, of which the last is measured")
  private int epochs = 4;

  @Option(names = "--copies", description = "of the training images in the table")
  private int copies = 2;

  @Option(names = "--rounds", description = "queries of each kind, of which the median counts")
  private int rounds = 5;

  private Network trained;
  private double samplesPerSecond;

  private SqlPrediction() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SqlPrediction()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    SparkConf conf =
        SparkTrainer.configure(new SparkConf())
            .setAppName("sql")
            .setMaster(master)
            .set("spark.ui.enabled", "false")
            .set("spark.kryo.registrationRequired", "false");
    Path folder = Files.createTempDirectory("gradcast-sql");
    try (SparkSession spark = SparkSession.builder().config(conf).getOrCreate()) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      train(context);
      Model model = model(folder.resolve("model.safetensors"));
      GradcastFunctions.register(spark);
      spark
          .udf()
          .register("one_row", new OneRow(new SharedModel(context, model)), DataTypes.StringType);
      long rows = writeTable(spark, folder.resolve("table").toString());
      String function = "gradcast_predict('%s', image)".formatted(folder);
      double grouped = rows / seconds(spark, function);
      double single = rows / seconds(spark, "one_row(image)");
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("master", master);
      line.put("network", network);
      line.put("rows", rows);
      line.put("trainingSamplesPerSecond", samplesPerSecond);
      line.put("sqlRowsPerSecond", grouped);
      line.put("sqlTimesTraining", grouped / samplesPerSecond);
      line.put("oneRowAtATimePerSecond", single);
      line.put("jdk", System.getProperty("java.version"));
      System.out.println(Json.write(line));
    }
    return 0;
  }

  /** For a few epochs, of which the last is measured. */
  private void train(JavaSparkContext context) {
    Storage storage = new Storage(context.hadoopConfiguration());
    Sources sources =
        new Sources(
            IdxSource.open(storage, data.toString(), Split.TRAIN),
            Optional.empty(),
            IdxSource.open(storage, data.toString(), Split.TEST));
    TrainingConfig config = new TrainingConfig(epochs, 50, 0.1, /* seed= */ 1);
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void measured(Measurement measurement) {
            samplesPerSecond = measurement.samplesPerSecond();
          }
        };
    try (SparkTrainer trainer =
        new SparkTrainer(
            context, NetworkText.named(network), config, sources, 0, ExchangeKind.RESIDENT, 0)) {
      trainer.train(trainer.exchange().exchange(), listener, CheckpointPlan.NONE);
      trained = trainer.network();
    }
  }

  /** A model of initial parameters, which takes the same time. */
  private Model model(Path file) throws IOException {
    Model model =
        new Model(
            trained,
            trained.initialParameters(1),
            IntStream.range(0, trained.classes()).mapToObj(Integer::toString).toList(),
            new Provenance("benchmark", "0".repeat(32), 1, 1, 1, 1, 1));
    try (OutputStream out = Files.newOutputStream(file)) {
      SafeTensors.write(model, out);
    }
    return model;
  }

  /** What a plain function can do. */
  private record OneRow(SharedModel model) implements UDF1<byte[], String> {

    private static final ThreadLocal<Scorer> SCORERS = new ThreadLocal<>();

    @Override
    public String call(byte[] image) {
      if (SCORERS.get() == null) {
        SCORERS.set(model.scorer());
      }
      SCORERS.get().score(new byte[][] {image}, 1);
      return SCORERS.get().predicted(0);
    }
  }

  private long writeTable(SparkSession spark, String table) throws IOException {
    Samples samples = new Mnist(data).train();
    List<Row> images =
        IntStream.range(0, samples.count())
            .mapToObj(row -> RowFactory.create(samples.image(row)))
            .toList();
    for (int copy = 0; copy < copies; copy++) {
      spark.createDataFrame(images, SCHEMA).coalesce(1).write().mode("append").parquet(table);
    }
    spark.read().parquet(table).createOrReplaceTempView("images");
    return (long) copies * samples.count();
  }

  private double seconds(SparkSession spark, String column) {
    double[] seconds = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      spark
          .sql("SELECT %s p FROM images".formatted(column))
          .write()
          .format("noop")
          .mode("overwrite")
          .save();
      seconds[round] = (System.nanoTime() - start) * 1e-9;
    }
    Arrays.sort(seconds);
    return seconds[rounds / 2];
  }
}
