package io.gradcast.benchmarks;

import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.source.Sources;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What an iteration over Spark costs: for each exchange a line of JSON with the medians over the
 * iterations of the last epoch, when all code is compiled.
 */
@Command(name = "exchange.sh", mixinStandardHelpOptions = true, showDefaultValues = true)
final class ExchangeTraining implements Callable<Integer> {

  @Option(names = "--data", required = true, description = "folder of IDX files, such as MNIST's")
  private String data;

  @Option(names = "--master", description = "local[N] or local-cluster[N,cores,MiB]")
  private String master = "local[2]";

  @Option(names = "--exchange", split = ",", description = "which, in turn: tree, resident")
  private List<String> exchanges = List.of("tree", "resident");

  @Option(names = "--network", description = "a network of conf/networks, or a file like them")
  private String network = "zhang";

  @Option(names = "--epochs", description = "passes over the data")
  private int epochs = 4;

  @Option(names = "--batch-size", description = "samples a minibatch")
  private int batchSize = 50;

  @Option(names = "--partitions", description = "of the data; 0: one a core")
  private int partitions;

  @Option(names = "--depth", description = "of the tree; 0: what suits the sizes")
  private int depth;

  @Option(names = "--set", description = "more of Spark's settings: --set spark.key=value")
  private Map<String, String> settings = Map.of();

  private ExchangeTraining() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new ExchangeTraining())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    SparkConf conf =
        SparkTrainer.configure(new SparkConf())
            .setAppName("exchange")
            .setMaster(master)
            .set("spark.ui.enabled", "false")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    settings.forEach(conf::set);
    NetworkText text = networkText();
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      Storage storage = new Storage(context.hadoopConfiguration());
      Sources sources =
          new Sources(
              IdxSource.open(storage, data, Split.TRAIN),
              Optional.empty(),
              IdxSource.open(storage, data, Split.TEST));
      TrainingConfig config = new TrainingConfig(epochs, batchSize, 0.1, /* seed= */ 1);
      for (String exchange : exchanges) {
        ExchangeKind kind = ExchangeKind.valueOf(exchange.toUpperCase(Locale.ROOT));
        try (SparkTrainer trainer =
            new SparkTrainer(context, text, config, sources, partitions, kind, depth)) {
          measure(trainer, config);
        }
      }
    }
    return 0;
  }

  private NetworkText networkText() throws IOException {
    Path file = Path.of(network);
    return Files.exists(file)
        ? NetworkText.parse(Files.readString(file), network)
        : NetworkText.named(network);
  }

  private void measure(SparkTrainer trainer, TrainingConfig config) {
    var choice = trainer.exchange();
    int parallelism = choice.exchange().parallelism();
    Iterations iterations = new Iterations(config.iterations(trainer.samples()), parallelism);
    trainer.train(choice.exchange(), iterations, CheckpointPlan.NONE);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("master", master);
    line.put("exchange", choice.kind().name().toLowerCase(Locale.ROOT));
    line.put("parameters", trainer.network().parameterCount());
    line.put("batchSize", batchSize);
    line.put("threads", parallelism);
    line.put("iterationMillis", median(iterations.nanos) * 1e-6);
    line.put("overheadMillis", median(iterations.overheadNanos) * 1e-6);
    line.put("samplesPerSecond", iterations.samplesPerSecond);
    line.put("jdk", System.getProperty("java.version"));
    System.out.println(Json.write(line));
  }

  private static double median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Times of an epoch's iterations; the next epoch writes over them. */
  private static final class Iterations implements TrainingListener {

    private final int parallelism;
    private final long[] nanos;
    private final long[] overheadNanos;
    private double samplesPerSecond;
    private long last = System.nanoTime();

    Iterations(int count, int parallelism) {
      this.parallelism = parallelism;
      nanos = new long[count];
      overheadNanos = new long[count];
    }

    @Override
    public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
      long now = System.nanoTime();
      nanos[iteration - 1] = now - last;
      overheadNanos[iteration - 1] = now - last - busyNanos / parallelism;
      last = now;
    }

    @Override
    public void measured(Measurement measurement) {
      samplesPerSecond = measurement.samplesPerSecond();
      last = System.nanoTime();
    }
  }
}
