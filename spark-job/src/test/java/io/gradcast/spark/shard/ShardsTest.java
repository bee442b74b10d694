package io.gradcast.spark.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.SampleType;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardsTest {

  @TempDir private Path folder;

  @Test
  void statisticsAreTheSameForAnyNumberOfPartitions() throws IOException {
    String data = SmallTraining.in(folder).data();
    try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf("local[2]"))) {
      Storage storage = new Storage(context.hadoopConfiguration());
      IdxSource source = IdxSource.open(storage, data, Split.TRAIN);
      DataStatistics expected = new DataStatistics(1, 10);
      expected.add(source.read(storage, 0, source.samples()));
      SampleType type = new SampleType(source.shape(), 10, false);
      for (int partitions : new int[] {1, 2, 7}) {
        try (Shards shards = Shards.load(context, source, partitions, type)) {
          DataStatistics found = shards.statistics();
          assertArrayEquals(expected.means(), found.means());
          assertArrayEquals(expected.deviations(), found.deviations());
          assertArrayEquals(expected.samples(), found.samples());
        }
      }
    }
  }
}
