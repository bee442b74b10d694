package io.gradcast.spark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.Sha256;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.IdxReader;
import io.gradcast.engine.data.IdxWriter;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.data.SyntheticDigits;
import io.gradcast.engine.data.ValidationSplit;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.engine.net.DataFacts;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.LocalTrainer;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.exchange.Exchanges;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.source.Sources;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** One short training, to be repeated in many places; each repetition gives its model's SHA-256. */
public final class SmallTraining {

  /** Odd numbers, so that shards are uneven and the last minibatch is short. */
  public static final int TRAIN = 523;

  private static final int TEST = 101;

  /** Eleven iterations an epoch. */
  public static final TrainingConfig CONFIG = new TrainingConfig(2, 50, 1.0, 3);

  private static final DataFacts FACTS =
      new DataFacts(new Shape(1, SyntheticDigits.SIDE, SyntheticDigits.SIDE), 10, false);

  private final Path folder;
  private final TrainingConfig config;
  private final NetworkText text;
  private final Network network;

  private SmallTraining(Path folder, TrainingConfig config, NetworkText text) {
    this.folder = folder;
    this.config = config;
    this.text = text;
    network = new Network(text.resolve(FACTS));
  }

  /** Writes the data into a folder. */
  public static SmallTraining in(Path folder) throws IOException {
    write(folder, "train", SyntheticDigits.Split.TRAIN, TRAIN);
    write(folder, "t10k", SyntheticDigits.Split.TEST, TEST);
    return new SmallTraining(folder, CONFIG, NetworkText.named("zhang"));
  }

  /** The same data in another training. */
  public SmallTraining with(TrainingConfig other) {
    return new SmallTraining(folder, other, text);
  }

  /** The same data for another network. */
  public SmallTraining with(NetworkText other) {
    return new SmallTraining(folder, config, other);
  }

  private static void write(Path folder, String prefix, SyntheticDigits.Split split, int count)
      throws IOException {
    SyntheticDigits digits = new SyntheticDigits(7, split);
    byte[] image = new byte[SyntheticDigits.PIXELS];
    try (OutputStream imageFile = Files.newOutputStream(images(folder, prefix));
        OutputStream labelFile = Files.newOutputStream(labels(folder, prefix));
        IdxWriter images =
            IdxWriter.images(imageFile, count, SyntheticDigits.SIDE, SyntheticDigits.SIDE);
        IdxWriter labels = IdxWriter.labels(labelFile, count)) {
      for (int i = 0; i < count; i++) {
        digits.image(i, image);
        images.write(image);
        labels.write((byte) digits.label(i));
      }
    }
  }

  private static Path images(Path folder, String prefix) {
    return folder.resolve(prefix + "-images-idx3-ubyte");
  }

  private static Path labels(Path folder, String prefix) {
    return folder.resolve(prefix + "-labels-idx1-ubyte");
  }

  /** What a Spark application must be given, and what tests want of it. */
  public static SparkConf sparkConf(String master) {
    return SparkTrainer.configure(new SparkConf())
        .setMaster(master)
        .setAppName("small training")
        .set("spark.ui.enabled", "false")
        .set("spark.local.dir", Path.of("target", "spark-local").toAbsolutePath().toString());
  }

  /** The same where Spark has hardly any memory for data. */
  public static SparkConf withoutRoom(SparkConf conf) {
    return conf.set("spark.memory.fraction", "0.00001");
  }

  /** Where the data are. */
  public String data() {
    return folder.toString();
  }

  /** Trains without Spark. */
  public String onThreads(int threads) throws IOException {
    return sha256(modelOnThreads(threads));
  }

  /** The same before it is a file. */
  public Model modelOnThreads(int threads) throws IOException {
    Samples train = read("train", TRAIN);
    Samples test = read("t10k", TEST);
    try (LocalTrainer trainer = new LocalTrainer(network, config, train, test, threads)) {
      float[] parameters = trainer.train(TrainingListener.NONE).parameters();
      List<String> classes =
          IntStream.range(0, network.classes()).mapToObj(Integer::toString).toList();
      return new Model(network, parameters, classes, provenance(train, test));
    }
  }

  private Provenance provenance(Samples train, Samples test) {
    if (config.validation() == 0) {
      return config.provenance(Fingerprint.of(train), TRAIN, Fingerprint.of(test));
    }
    ValidationSplit split = config.split(TRAIN);
    return config.provenance(
        Fingerprint.of(split.training(train)),
        split.trainingCount(),
        Fingerprint.of(split.validation(train)));
  }

  private Samples read(String prefix, int count) throws IOException {
    try (IdxReader images =
            IdxReader.images(Files.newInputStream(images(folder, prefix)), "images");
        IdxReader labels =
            IdxReader.labels(Files.newInputStream(labels(folder, prefix)), "labels")) {
      return IdxReader.read(images, labels, 0, count);
    }
  }

  /** Trains on two shards, one for each core of the clusters here. */
  public String onSpark(JavaSparkContext context, ExchangeKind kind, TrainingListener listener)
      throws IOException {
    return onSpark(context, kind, data(), 2, 2, listener);
  }

  /**
   * Trains on a Spark application.
   *
   * @param data the folder of this training by some URI
   * @param depth of the tree, for exchanges that have one
   */
  public String onSpark(
      JavaSparkContext context,
      ExchangeKind kind,
      String data,
      int partitions,
      int depth,
      TrainingListener listener)
      throws IOException {
    Storage storage = new Storage(context.hadoopConfiguration());
    Sources sources =
        new Sources(
            IdxSource.open(storage, data, Split.TRAIN),
            Optional.empty(),
            IdxSource.open(storage, data, Split.TEST));
    try (SparkTrainer trainer =
        new SparkTrainer(context, text, config, sources, partitions, kind, depth)) {
      Exchanges.Choice choice = trainer.exchange();
      assertEquals(kind, choice.kind(), choice.note());
      TrainingResult result = trainer.train(choice.exchange(), listener, CheckpointPlan.NONE);
      return sha256(trainer.model(result));
    }
  }

  private static String sha256(Model model) throws IOException {
    MessageDigest sha256 = Sha256.digest();
    SafeTensors.write(model, new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
    return HexFormat.of().formatHex(sha256.digest());
  }
}
