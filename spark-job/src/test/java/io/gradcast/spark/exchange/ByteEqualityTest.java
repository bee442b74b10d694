package io.gradcast.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.Version;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.IdxReader;
import io.gradcast.engine.data.IdxWriter;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.data.SyntheticDigits;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.train.LocalTrainer;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.store.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise: one model file, whatever the threads, cores, partitions and tree. */
class ByteEqualityTest {

  /** Odd numbers, so that shards are uneven and the last minibatch is short. */
  private static final int TRAIN = 523;

  private static final int TEST = 101;
  private static final TrainingConfig CONFIG = new TrainingConfig(2, 50, 1.0, 3);
  private static final Network NETWORK = new Network(NetworkSpec.named("zhang"));

  @TempDir private static Path folder;

  @BeforeAll
  static void writeData() throws IOException {
    write("train", SyntheticDigits.Split.TRAIN, TRAIN);
    write("t10k", SyntheticDigits.Split.TEST, TEST);
  }

  private static void write(String prefix, SyntheticDigits.Split split, int count)
      throws IOException {
    SyntheticDigits digits = new SyntheticDigits(7, split);
    byte[] image = new byte[SyntheticDigits.PIXELS];
    try (OutputStream imageFile =
            Files.newOutputStream(folder.resolve(prefix + "-images-idx3-ubyte"));
        OutputStream labelFile =
            Files.newOutputStream(folder.resolve(prefix + "-labels-idx1-ubyte"));
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

  @Test
  void modelFileIsTheSameForAnyPlacement() throws Exception {
    Map<String, String> modelSha256 = new TreeMap<>();
    for (int threads = 1; threads <= 3; threads++) {
      modelSha256.put("LocalTrainer, threads " + threads, trainLocally(threads));
    }
    for (int cores : List.of(1, 2, 4)) {
      SparkConf conf =
          SparkTrainer.configure(new SparkConf())
              .setMaster("local[" + cores + "]")
              .setAppName("byte equality")
              .set("spark.ui.enabled", "false");
      try (JavaSparkContext context = new JavaSparkContext(conf)) {
        for (int partitions : List.of(1, 2, 3, 7)) {
          for (ExchangeKind kind : List.of(ExchangeKind.TREE, ExchangeKind.RESIDENT)) {
            modelSha256.put(
                "local[%d], partitions %d, %s".formatted(cores, partitions, kind),
                trainOnSpark(context, partitions, kind, 2));
          }
        }
        // More shards than a tree of depth 2 takes in one stage, and a flat sum: both exchanges
        // shuffle differently.
        modelSha256.put(
            "local[%d], 16 partitions".formatted(cores),
            trainOnSpark(context, 16, ExchangeKind.TREE, 3));
        modelSha256.put(
            "local[%d], depth 1".formatted(cores), trainOnSpark(context, 7, ExchangeKind.TREE, 1));
      }
    }
    String expected = modelSha256.values().iterator().next();
    modelSha256.forEach((placement, found) -> assertEquals(expected, found, placement));
    assertEquals(3 + 3 * 10, modelSha256.size());
  }

  private static String trainLocally(int threads) throws Exception {
    Samples train = read("train", TRAIN);
    Samples test = read("t10k", TEST);
    try (LocalTrainer trainer = new LocalTrainer(NETWORK, CONFIG, train, test, threads)) {
      float[] parameters = trainer.train(TrainingListener.NONE).parameters();
      List<String> classes =
          IntStream.range(0, NETWORK.classes()).mapToObj(Integer::toString).toList();
      Provenance provenance =
          new Provenance(
              Version.current(),
              Fingerprint.of(train).toString(),
              TRAIN,
              CONFIG.epochs(),
              CONFIG.batchSize(),
              CONFIG.learningRate(),
              CONFIG.seed());
      return sha256(new Model(NETWORK, parameters, classes, provenance));
    }
  }

  private static Samples read(String prefix, int count) throws IOException {
    Path images = folder.resolve(prefix + "-images-idx3-ubyte");
    Path labels = folder.resolve(prefix + "-labels-idx1-ubyte");
    try (IdxReader imageReader = IdxReader.images(Files.newInputStream(images), "images");
        IdxReader labelReader = IdxReader.labels(Files.newInputStream(labels), "labels")) {
      return IdxReader.read(imageReader, labelReader, 0, count);
    }
  }

  private static String trainOnSpark(
      JavaSparkContext context, int partitions, ExchangeKind kind, int depth) throws Exception {
    Storage storage = new Storage(context.hadoopConfiguration());
    List<IdxSource> sources = new ArrayList<>();
    for (IdxSource.Split split : IdxSource.Split.values()) {
      sources.add(IdxSource.open(storage, folder.toString(), split));
    }
    try (SparkTrainer trainer =
        new SparkTrainer(
            context, NETWORK, sources.get(0), sources.get(1), partitions, kind, depth)) {
      return sha256(trainer.model(CONFIG, trainer.train(CONFIG, TrainingListener.NONE)));
    }
  }

  private static String sha256(Model model) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SafeTensors.write(model, bytes);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    return HexFormat.of().formatHex(hash);
  }
}
