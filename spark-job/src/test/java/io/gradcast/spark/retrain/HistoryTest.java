package io.gradcast.spark.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.report.HistoryPoint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {

  @Test
  void pointHasWhatIsShownOfARun() {
    assertEquals(
        new HistoryPoint(
            "2026-11-24.2",
            "2026-11-24",
            "promoted",
            true,
            SampleRuns.full().reason(),
            "v7",
            "v7",
            0.9912,
            0.9898,
            0.0404,
            60_000,
            Map.of("Zürich", 59_000L, "猫", 1_000L),
            612.5),
        History.point(SampleRuns.full()));
  }

  @Test
  void pageIsOfAllRuns() {
    String page =
        new String(
            History.page(
                "Digits & letters", List.of(SampleRuns.empty("2026-11-23"), SampleRuns.full())),
            StandardCharsets.UTF_8);
    for (String piece : List.of("<h1>Digits &amp; letters</h1>", "2026-11-24.2", "bad-data")) {
      assertTrue(page.contains(piece), piece);
    }
  }
}
