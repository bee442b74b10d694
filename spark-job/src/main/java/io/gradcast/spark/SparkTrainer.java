package io.gradcast.spark;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.ValidationSplit;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.eval.PairedCounts;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.net.DataFacts;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.Exchange;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.TrainingLoop;
import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.exchange.Exchanges;
import io.gradcast.spark.exchange.ResidentPlugin;
import io.gradcast.spark.score.Evaluator;
import io.gradcast.spark.score.Examiner;
import io.gradcast.spark.score.PairedEvaluator;
import io.gradcast.spark.shard.JobDescription;
import io.gradcast.spark.shard.ShardRegistrator;
import io.gradcast.spark.shard.Shards;
import io.gradcast.spark.source.Part;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.source.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.KryoSerializer;

/**
 * Trains a network on Spark: reads and keeps the data, runs the engine's training loop over an
 * exchange. Equal to {@link io.gradcast.engine.train.LocalTrainer}, byte for byte.
 */
public final class SparkTrainer implements AutoCloseable {

  private final JavaSparkContext context;
  private final Network network;
  private final TrainingConfig config;
  private final List<Shards> loaded = new ArrayList<>();
  private final Shards train;
  private final Shards watched;
  private final Shards test;
  private final List<String> classes;
  private final ExchangeKind kind;
  private final int depth;

  /** Sets what Gradcast needs of a Spark session, before that is started; returns it. */
  public static SparkConf configure(SparkConf conf) {
    ResidentPlugin.register(conf);
    // A task waits so long for the executor that has its data: longer than an iteration takes, but
    // not so long that one which was lost leaves a new one idle.
    return conf.setIfMissing("spark.locality.wait", "300ms")
        .setIfMissing("spark.task.maxDirectResultSize", "16m")
        .set("spark.serializer", KryoSerializer.class.getName())
        // What is not registered travels too, by its name: Spark SQL ships the types of all
        // columns.
        .set("spark.kryo.registrator", ShardRegistrator.class.getName());
  }

  /**
   * Reads the data into the executors' memory, or to their disks, and takes from them what the
   * network leaves open.
   *
   * @param config of which no part is to be held out where there are validation data
   * @param partitions of the data; 0 for one a core
   * @param kind of exchange that is wanted
   * @param depth of the tree in which sums are added up, if it is that; 0 for what suits the sizes
   */
  public SparkTrainer(
      JavaSparkContext context,
      NetworkText text,
      TrainingConfig config,
      Sources sources,
      int partitions,
      ExchangeKind kind,
      int depth) {
    this.context = context;
    this.config = config;
    this.kind = kind;
    this.depth = depth;
    int shards = partitions > 0 ? partitions : ResidentPlugin.awaitSlots();
    DataFacts facts =
        new DataFacts(
            sources.train().shape(),
            sources.train().classes().size(),
            sources.train().severalLabels());
    Network open = new Network((text.wantsStatistics() ? text.unmeasured() : text).resolve(facts));
    Source all = sources.train();
    try {
      if (config.validation() > 0) {
        ValidationSplit split = config.split(all.count());
        train = load(Part.training(all, split), open, shards);
        test = load(sources.test(), open, shards);
        watched = load(Part.heldOut(all, split), open, shards);
      } else {
        train = load(all, open, shards);
        test = sources.test().equals(all) ? train : load(sources.test(), open, shards);
        watched = sources.validation().map(source -> load(source, open, shards)).orElse(test);
      }
      classes = all.classes();
      network =
          text.wantsStatistics() ? new Network(text.resolve(facts.with(train.statistics()))) : open;
    } catch (Exception e) { // Spark throws checked ones without saying so
      close();
      throw e;
    }
  }

  private Shards load(Source source, Network open, int partitions) {
    Shards shards = Shards.load(context, source, partitions, open.takes());
    loaded.add(shards);
    return shards;
  }

  /** The network, with all that it has from the data. */
  public Network network() {
    return network;
  }

  /** Training samples. */
  public long samples() {
    return train.count();
  }

  /** Samples that are tested on. */
  public long testSamples() {
    return test.count();
  }

  /** The names of the data's classes. */
  public List<String> classes() {
    return classes;
  }

  /** Statistics of the training data, which are gone over for them. */
  public DataStatistics statistics() {
    return train.statistics();
  }

  /** A sentence for the user about each data set that is not in memory. */
  public List<String> notes() {
    return Stream.of(train, watched, test)
        .distinct()
        .map(Shards::note)
        .filter(note -> !note.isEmpty())
        .toList();
  }

  /** The exchange that a training would use, and why not another. */
  public Exchanges.Choice exchange() {
    return Exchanges.choose(kind, context, network, config, train, depth);
  }

  /** Trains from the initial parameters of the seed. */
  public TrainingResult train(TrainingListener listener) {
    return train(exchange().exchange(), listener, CheckpointPlan.NONE);
  }

  /** Trains over an exchange from {@link #exchange}, from where the plan says, which it feeds. */
  public TrainingResult train(Exchange exchange, TrainingListener listener, CheckpointPlan plan) {
    Position position = new Position();
    TrainingListener gauges =
        ResidentPlugin.gauges().listener(config, train.count(), exchange.parallelism());
    return new TrainingLoop(
            network,
            config,
            exchange,
            parameters ->
                JobDescription.during(
                    context.sc(),
                    "%s: evaluation on the %s data".formatted(position, watched()),
                    () -> Evaluator.evaluate(context, network, parameters, watched.pieces())),
            TrainingListener.of(position, gauges, listener),
            plan)
        .run();
  }

  /** Whether the test data have no part in the training, not even in its measurements. */
  public boolean validates() {
    return watched != test;
  }

  /** Which data are measured in the course of a training, in a word: validation or test. */
  public String watched() {
    return validates() ? "validation" : "test";
  }

  /** Evaluates what a training came to on the test data. */
  public Evaluation test(TrainingResult result) {
    return validates()
        ? Evaluator.evaluate(context, network, result.parameters(), test.pieces())
        : result.kept().evaluation();
  }

  /** What a report shows of parameters on the test data. */
  public Examination examine(float[] parameters) {
    return JobDescription.during(
        context.sc(),
        "Examination on the test data",
        () -> Examiner.examine(context, network, parameters, test.pieces()));
  }

  /** Compares two models on the test data, by the names of their classes. */
  public PairedCounts compare(Model first, Model second) {
    return PairedEvaluator.compare(context, first, second, classes, test.pieces());
  }

  /** The model of a training on this data. */
  public Model model(TrainingResult result) {
    return new Model(network, result.parameters(), names(), provenance());
  }

  /** One a class of the network, which may have more than are in the data. */
  private List<String> names() {
    return IntStream.range(0, network.classes())
        .mapToObj(i -> i < classes.size() ? classes.get(i) : Integer.toString(i))
        .toList();
  }

  /** All that the model of a training on this data depends on, beside the network. */
  public Provenance provenance() {
    return config.provenance(train.fingerprint(), train.count(), watched.fingerprint());
  }

  /** How far a training is. */
  private static final class Position implements TrainingListener {

    private volatile int epoch;
    private volatile int iteration;

    @Override
    public void iterationEnded(int newEpoch, int newIteration, double loss, long busyNanos) {
      epoch = newEpoch;
      iteration = newIteration;
    }

    @Override
    public String toString() {
      return "Epoch %d, iteration %d".formatted(epoch, iteration);
    }
  }

  /** Takes the data from the executors. */
  @Override
  public void close() {
    loaded.forEach(Shards::close);
  }
}
