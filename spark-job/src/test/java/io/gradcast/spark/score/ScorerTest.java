package io.gradcast.spark.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.Workspace;
import io.gradcast.spark.cluster.SmallTraining;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class ScorerTest {

  /** Two full groups and one of five. */
  private static final int COUNT = 2 * Scorer.LANES + 5;

  private static final Samples SAMPLES = SmallModel.digits(COUNT);

  private static byte[][] group(int first, int count) {
    byte[][] images = new byte[Scorer.LANES][];
    Arrays.setAll(images, lane -> lane < count ? SAMPLES.image(first + lane) : null);
    return images;
  }

  @Test
  void groupsAreScoredLikeSingleImages() {
    assertScoresAreThoseOfSingleImages(SmallModel.of(false, 7));
    assertScoresAreThoseOfSingleImages(SmallModel.of(true, 7));
  }

  private static void assertScoresAreThoseOfSingleImages(Model model) {
    Scorer scorer = new Scorer(model);
    Scorer inPlace = new Scorer(model);
    int[] order = IntStream.range(0, COUNT).toArray();
    Network network = model.network();
    Workspace workspace = new Workspace(network, Kernels.best());
    Set<String> found = new HashSet<>();
    for (int first = 0; first < COUNT; first += Scorer.LANES) {
      int count = Math.min(Scorer.LANES, COUNT - first);
      scorer.score(group(first, count), count);
      inPlace.score(SAMPLES, order, first, count);
      for (int lane = 0; lane < count; lane++) {
        network.forward(SAMPLES, order, first + lane, 1, model.parameters(), workspace);
        int[] prediction = workspace.prediction(0);
        network.scores(workspace);
        float[] scores = new float[network.classes()];
        workspace.output().copyLane(0, scores);
        for (Scorer each : List.of(scorer, inPlace)) {
          assertArrayEquals(prediction, each.prediction(lane));
          assertArrayEquals(scores, each.scores(lane));
          assertEquals(scores[2], each.score(lane, 2));
          assertEquals(
              Arrays.stream(prediction)
                  .mapToObj(i -> "class " + i)
                  .collect(Collectors.joining("|")),
              each.predicted(lane));
        }
        found.add(scorer.predicted(lane));
      }
    }
    assertTrue(found.size() > 1, found::toString);
  }

  @Test
  void imagesOfAnotherSizeAreRefused() {
    Scorer scorer = new Scorer(SmallModel.of(false, 7));
    byte[][] images = group(0, 2);
    images[1] = new byte[785];
    assertEquals(
        "an image of 1x28x28 has 784 bytes, not 785",
        assertThrows(IllegalArgumentException.class, () -> scorer.score(images, 2)).getMessage());
  }

  @Test
  void tasksScoreWithTheModelThatTheyTakeAlong() {
    Model model = SmallModel.of(false, 7);
    Scorer expected = new Scorer(model);
    expected.score(group(0, 2), 2);
    try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf("local[2]"));
        SharedModel shared = new SharedModel(context, model)) {
      List<Float> scores =
          context
              .parallelize(List.of(0, 1), 2)
              .map(
                  row -> {
                    Scorer scorer = shared.scorer();
                    scorer.score(SAMPLES, new int[] {row}, 0, 1);
                    return scorer.score(0, 3);
                  })
              .collect();
      assertEquals(List.of(expected.score(0, 3), expected.score(1, 3)), scores);
    }
  }
}
