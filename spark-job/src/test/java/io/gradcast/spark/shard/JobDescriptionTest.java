package io.gradcast.spark.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.exchange.ExchangeKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person who looks at Spark's UI reads there. */
class JobDescriptionTest {

  @TempDir private Path folder;

  /** Descriptions of all jobs of a training of two epochs of eleven iterations. */
  private List<String> described(ExchangeKind exchange) throws IOException {
    SmallTraining training = SmallTraining.in(folder);
    List<String> descriptions = Collections.synchronizedList(new ArrayList<>());
    // Once it is closed, its listeners have heard all.
    try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf("local[2]"))) {
      context
          .sc()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onJobStart(SparkListenerJobStart job) {
                  descriptions.add(job.properties().getProperty("spark.job.description"));
                }
              });
      training.onSpark(context, exchange, TrainingListener.NONE);
    }
    return descriptions;
  }

  private List<String> expected(int epoch, List<String> jobs) {
    List<String> expected = new ArrayList<>();
    if (epoch == 1) {
      expected.add("Reading 523 samples of file:%s/train-images-idx3-ubyte".formatted(folder));
      expected.add("Reading 101 samples of file:%s/t10k-images-idx3-ubyte".formatted(folder));
    }
    jobs.forEach(job -> expected.add("Epoch " + epoch + ", " + job));
    expected.add("Epoch " + epoch + ", iteration 11: evaluation on the test data");
    return expected;
  }

  private List<String> expected(List<String> jobs) {
    List<String> expected = new ArrayList<>(expected(1, jobs));
    expected.addAll(expected(2, jobs));
    return expected;
  }

  @Test
  void jobOfAMinibatchSaysWhichItIs() throws IOException {
    List<String> jobs =
        IntStream.rangeClosed(1, 11).mapToObj(i -> "iteration " + i + ": gradients").toList();
    assertEquals(expected(jobs), described(ExchangeKind.TREE));
  }

  @Test
  void jobOfResidentTasksSaysWhichIterationsItIsFor() throws IOException {
    List<String> jobs = List.of("iterations 1 to 11: resident tasks");
    assertEquals(expected(jobs), described(ExchangeKind.RESIDENT));
  }

  @Test
  void formerDescriptionIsBackAfterwardsHoweverItEnds() {
    try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf("local[1]"))) {
      context.setJobDescription("of the caller");
      assertEquals(
          "inner",
          JobDescription.during(
              context.sc(), "inner", () -> context.getLocalProperty("spark.job.description")));
      assertThrows(
          IllegalStateException.class,
          () ->
              JobDescription.during(
                  context.sc(),
                  "inner",
                  () -> {
                    throw new IllegalStateException();
                  }));
      assertEquals("of the caller", context.getLocalProperty("spark.job.description"));
    }
  }
}
