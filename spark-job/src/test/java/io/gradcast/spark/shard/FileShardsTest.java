package io.gradcast.spark.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.SampleType;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.cluster.Await;
import io.gradcast.spark.cluster.EveryExchange;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that do not fit in memory. */
class FileShardsTest {

  @TempDir private static Path folder;
  private static SmallTraining training;
  private static String expected;
  @AutoClose private static JavaSparkContext context;

  @BeforeAll
  static void trainOnOneThread() throws IOException {
    training = SmallTraining.in(folder);
    expected = training.onThreads(1);
    context = new JavaSparkContext(SmallTraining.withoutRoom(SmallTraining.sparkConf("local[2]")));
  }

  private static void awaitNoFiles() {
    Await.until("there are no files", () -> ShardFiles.count() == 0);
  }

  @EveryExchange
  void modelIsThatOfDataInMemory(ExchangeKind exchange) throws IOException {
    for (int partitions : List.of(1, 2, 7)) {
      Set<Integer> files = new TreeSet<>();
      TrainingListener listener =
          new TrainingListener() {
            @Override
            public void measured(Measurement measurement) {
              files.add(ShardFiles.count());
            }
          };
      String data = training.data();
      assertEquals(expected, training.onSpark(context, exchange, data, partitions, 2, listener));
      assertEquals(Set.of(2 * partitions), files, "files of training and test data, every epoch");
      awaitNoFiles();
    }
  }

  private static Shards load(JavaSparkContext context) {
    Storage storage = new Storage(context.hadoopConfiguration());
    IdxSource source = IdxSource.open(storage, training.data(), Split.TRAIN);
    return Shards.load(context, source, 3, new SampleType(source.shape(), 10, false));
  }

  @Test
  void userIsToldAndAllElseIsAsInMemory() {
    Storage storage = new Storage(context.hadoopConfiguration());
    Samples samples = IdxSource.open(storage, training.data(), Split.TRAIN).read(storage, 0, 523);
    try (Shards shards = load(context)) {
      assertTrue(shards.note().contains("read from their disks"), shards.note());
      assertEquals(0, shards.bytesOnDisk());
      assertEquals(523, shards.count());
      assertEquals(Fingerprint.of(samples), shards.fingerprint());
      DataStatistics statistics = new DataStatistics(1, 10);
      statistics.add(samples);
      assertArrayEquals(statistics.means(), shards.statistics().means());
      assertArrayEquals(statistics.samples(), shards.statistics().samples());
    }
    awaitNoFiles();
  }

  private static Samples blank(int count) {
    return new Samples(new Shape(1, 2, 2), new long[count], new byte[4 * count], new int[count]);
  }

  @Test
  void partitionOfSeveralPiecesIsOneShard() {
    JavaRDD<Integer> numbers = context.parallelize(List.of(5, 6, 7, 8, 9), 2);
    FileShards shards = FileShards.of(numbers.map(FileShardsTest::blank));
    List<Integer> counts = shards.toJavaRDD().map(shard -> shard.samples().count()).collect();
    assertEquals(List.of(11, 24), counts);
    assertEquals(2, ShardFiles.count());
    shards.close();
    awaitNoFiles();
  }
}
