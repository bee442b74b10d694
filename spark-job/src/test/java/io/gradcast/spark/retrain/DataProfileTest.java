package io.gradcast.spark.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as data that are not what they were. */
class DataProfileTest {

  private static final DriftLimits LIMITS = new DriftLimits(100, 0.5, 0.1, 0.25);

  private static final DataProfile LAST = profile(1000, List.of("a", "b"), 600, 400, 0.2, 0.4);

  private static DataProfile profile(
      long samples, List<String> classes, long first, long second, double mean, double deviation) {
    return new DataProfile(
        samples, classes, List.of(first, second), List.of(mean), List.of(deviation));
  }

  private static void assertDrift(DataProfile profile, String... pieces) {
    List<String> found = profile.drift(LAST, LIMITS);
    assertEquals(1, found.size(), found::toString);
    for (String piece : pieces) {
      assertTrue(found.get(0).contains(piece), found.get(0));
    }
  }

  @Test
  void smallChangesAreNone() {
    assertEquals(
        List.of(), profile(1490, List.of("b", "a"), 700, 790, 0.29, 0.49).drift(LAST, LIMITS));
  }

  @Test
  void theFirstDataAreOnlyCounted() {
    assertEquals(List.of(), LAST.drift(null, LIMITS));
    assertTrue(
        profile(99, List.of("a", "b"), 50, 49, 0, 0)
            .drift(null, LIMITS)
            .get(0)
            .contains("min-sam"));
  }

  @Test
  void numberOfSamples() {
    assertDrift(
        profile(1501, List.of("a", "b"), 901, 600, 0.2, 0.4),
        "drift-samples: expected 1,000",
        "50.0 %, found 1,501");
    assertDrift(profile(499, List.of("a", "b"), 299, 200, 0.2, 0.4), "found 499");
  }

  @Test
  void balanceOfClasses() {
    assertDrift(
        profile(1000, List.of("a", "b"), 460, 540, 0.2, 0.4),
        "drift-classes",
        "10.0 % of the samples and 2.2 % by chance, found 14.0 %");
    assertEquals(
        List.of(), profile(1000, List.of("a", "b"), 480, 520, 0.2, 0.4).drift(LAST, LIMITS));
  }

  @Test
  void otherClasses() {
    assertDrift(profile(1000, List.of("a", "c"), 600, 400, 0.2, 0.4), "classes: expected [a, b]");
  }

  @Test
  void pixels() {
    assertDrift(
        profile(1000, List.of("a", "b"), 600, 400, 0.31, 0.4), "drift-pixels", "found 0.3100");
    assertDrift(profile(1000, List.of("a", "b"), 600, 400, 0.2, 0.29), "drift-pixels", "0.2900");
    DataProfile coloured =
        new DataProfile(
            1000,
            List.of("a", "b"),
            List.of(600L, 400L),
            List.of(0.2, 0.2, 0.2),
            List.of(0.4, 0.4, 0.4));
    assertDrift(coloured, "channels: expected 1 as in the last run, found 3");
  }
}
