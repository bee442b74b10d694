package io.gradcast.spark.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.eval.Calibration;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.eval.Mistakes;
import io.gradcast.engine.eval.Prediction;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.shard.Shards;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.store.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminerTest {

  private static final Network NETWORK = new Network(NetworkSpec.named("zhang"));
  private static final float[] PARAMETERS = NETWORK.initialParameters(1);

  @TempDir private static Path folder;

  @Test
  void examinationIsTheSameForAnyPlacement() throws Exception {
    String data = SmallTraining.in(folder).data();
    Set<List<Object>> found = new HashSet<>();
    for (String master : List.of("local[1]", "local[4]")) {
      try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf(master))) {
        IdxSource source =
            IdxSource.open(new Storage(context.hadoopConfiguration()), data, Split.TEST);
        for (int partitions : List.of(1, 3, 7)) {
          try (Shards shards = Shards.load(context, source, partitions, NETWORK.takes())) {
            found.add(contents(Examiner.examine(context, NETWORK, PARAMETERS, shards.pieces())));
            assertEquals(
                Evaluator.evaluate(context, NETWORK, PARAMETERS, shards.pieces()).lossSum(),
                Examiner.examine(context, NETWORK, PARAMETERS, shards.pieces())
                    .evaluation()
                    .lossSum());
          }
        }
      }
    }
    assertEquals(1, found.size());
  }

  private static List<Object> contents(Examination examination) {
    List<Prediction> mistakes = examination.mistakes().worst();
    assertEquals(Mistakes.MOST, mistakes.size(), "a network that is not trained errs often");
    assertEquals(0, examination.first().id());
    assertEquals(101, examination.correctInTop(10));
    List<Object> contents = new ArrayList<>();
    for (Prediction mistake : mistakes) {
      contents.add(mistake.id());
      contents.add(mistake.loss());
      contents.add(Arrays.hashCode(mistake.pixels()));
    }
    for (int k = 1; k <= 10; k++) {
      contents.add(examination.correctInTop(k));
    }
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      contents.add(examination.calibration().confidence(bin));
    }
    return contents;
  }
}
