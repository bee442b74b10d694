package io.gradcast.spark.report;

import static io.gradcast.spark.report.Browser.count;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.report.Browser.Opened;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryPageTest {

  /** Says how far the page is wider than its window, then than a phone, and points at charts. */
  private static final String MEASURE =
      """
      <script>
      const wide = document.documentElement;
      wide.dataset.over = wide.scrollWidth - wide.clientWidth;
      document.body.style.width = "390px";
      dispatchEvent(new Event("resize"));
      for (const svg of document.querySelectorAll(".chart svg")) {
        const { left, top } = svg.getBoundingClientRect();
        svg.dispatchEvent(new PointerEvent("pointermove", { clientX: left + 99, clientY: top + 99 }));
      }
      wide.dataset.overNarrow = document.body.scrollWidth - 390;
      </script>
      """;

  @TempDir private Path folder;

  private static HistoryPoint point(
      String run, String outcome, double accuracy, double championAccuracy) {
    return new HistoryPoint(
        run,
        run.substring(0, 10),
        outcome,
        outcome.equals("promoted"),
        "because of " + outcome,
        "v-" + run,
        "v-2026-11-22",
        accuracy,
        championAccuracy,
        0.00001,
        Double.isNaN(accuracy) ? 0 : 60_000,
        Map.of(),
        725);
  }

  private static final List<HistoryPoint> NIGHTS =
      List.of(
          point("2026-11-22", "promoted", 0.98, Double.NaN),
          point("2026-11-23", "bad-data", Double.NaN, Double.NaN),
          point("2026-11-24", "kept", 0.985, 0.9812),
          point("2026-11-24.2", "gate-failed", 0.1, 0.9812));

  private static String page(List<HistoryPoint> points) {
    return new String(HistoryPage.write("Digits", points), StandardCharsets.UTF_8);
  }

  private static String text(String page) {
    return page.substring(page.indexOf("<body>"), page.indexOf("<script"))
        .replaceAll("<[^>]*>", " ")
        .replaceAll("\\s+", " ");
  }

  @Test
  void headTellsHowThingsStand() {
    String text = text(page(NIGHTS));
    for (String piece :
        List.of(
            "Last run 2026-11-24.2, gate-failed : because of gate-failed",
            "Champion v-2026-11-22 since 2026-11-22",
            "Champion’s accuracy 98.12 % measured 2026-11-24",
            "Runs 4 1 promoted",
            "Without a result 1",
            "Usual duration 12 min longest 12 min")) {
      assertTrue(text.contains(piece), () -> "expected " + piece + " in " + text);
    }
  }

  @Test
  void runsAreATableTheNewestFirst() {
    String text = text(page(NIGHTS));
    int newest =
        text.indexOf(
            "2026-11-24.2 ○ gate-failed 10.00 % 98.12 % &lt; 0.0001 60,000 12 min"
                + " v-2026-11-24.2 because of gate-failed");
    int failed = text.indexOf("2026-11-23 × bad-data – – &lt; 0.0001 – 12 min");
    int oldest = text.indexOf("2026-11-22 ◆ promoted 98.00 % –");
    assertTrue(0 < newest && newest < failed && failed < oldest, text);
  }

  @Test
  void championThatWasPutBackHasTheAccuracyThatItHadLast() {
    HistoryPoint first = point("2026-11-22", "promoted", 0.98, Double.NaN);
    HistoryPoint second = withChampion("v-2", point("2026-11-23", "promoted", 0.99, 0.979));
    HistoryPoint back = point("2026-11-24", "rolled-back", Double.NaN, Double.NaN);
    String page = page(List.of(first, second, back));
    assertTrue(text(page).contains("Champion’s accuracy 98.00 % measured 2026-11-22"), page);
    assertEquals(2, count("\"champion\":0.98,", page));
    assertEquals(1, count("\"champion\":0.99,", page));
  }

  private static HistoryPoint withChampion(String champion, HistoryPoint point) {
    return new HistoryPoint(
        point.run(),
        point.date(),
        point.outcome(),
        point.promoted(),
        point.reason(),
        champion,
        champion,
        point.accuracy(),
        point.championAccuracy(),
        point.pValue(),
        point.samples(),
        point.classCounts(),
        point.seconds());
  }

  @Test
  void classesBeyondTheLargestTenAreOneBand() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 1; i <= 12; i++) {
      counts.put("c" + i, 1000L * i);
    }
    HistoryPoint point = NIGHTS.get(0);
    String page =
        page(
            List.of(
                new HistoryPoint(
                    point.run(),
                    point.date(),
                    point.outcome(),
                    point.promoted(),
                    point.reason(),
                    point.version(),
                    point.champion(),
                    point.accuracy(),
                    point.championAccuracy(),
                    point.pValue(),
                    78_000,
                    counts,
                    point.seconds())));
    assertTrue(page.contains("\"classes\":[\"c3\",\"c4\","), "the largest in their order");
    assertTrue(page.contains(",\"c12\",\"others\"]"), "and others");
    assertTrue(page.contains("\"shares\":[0.0385,"), "3 of 78");
    assertTrue(page.contains(",0.1538,0.0385]"), "12 and 1 + 2 of 78");
  }

  @Test
  void textsAreEscapedEverywhere() {
    String page = page(List.of(SmallHistory.ofMarkup()));
    assertFalse(page.contains("<img"), "markup of a text");
    assertEquals(count("<script", page), count("</script", page));
    assertTrue(text(page).contains("1 h 2 min"), "the rest as ever");
  }

  @Test
  void nothingIsLoadedFromAnywhere() {
    String page = page(NIGHTS);
    assertEquals(0, count("(src|href)\\s*=\\s*\"[^#\"]", page));
    assertTrue(page.contains("content=\"default-src 'none';"), "the page forbids it too");
    assertEquals(count("href=\"#", page), count("<(section|main) id=", page));
  }

  @Test
  void sameRunsGiveTheSameBytes() {
    assertArrayEquals(
        HistoryPage.write("Digits", SmallHistory.of(9)),
        HistoryPage.write("Digits", SmallHistory.of(9)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60, 1000})
  void everyFigureIsDrawnAndNothingIsTooWide(int runs) throws Exception {
    String page = page(SmallHistory.of(runs)).replace("</body>", MEASURE + "</body>");
    Opened opened = Browser.find(folder).open(page.getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of(), opened.console());
    assertEquals(Set.of("accuracy", "duration", "samples", "balance"), opened.drawn());
    assertEquals(0, count("NaN|undefined", opened.figure("accuracy")));
    assertEquals(runs, count("class=\"(open|blue faint|orange dot)", opened.figure("accuracy")));
    assertEquals(runs, count("class=\"bar ", opened.figure("duration")));
    assertEquals(10, count("class=\"band\"", opened.figure("balance")));
    for (String chart : opened.drawn()) {
      assertEquals(
          1, count("class=\"readout[^>]*>20\\d\\d-\\d\\d-\\d\\d ", opened.figure(chart)), chart);
    }
    assertTrue(opened.page().contains("data-over=\"0\""), "as wide as the window");
    assertTrue(opened.page().contains("data-over-narrow=\"0\""), "as wide as a phone");
  }

  @Test
  void runsWithoutAnyNumberAreDrawnToo() throws Exception {
    byte[] page =
        HistoryPage.write("Digits", List.of(point("2026-11-24", "failed", Double.NaN, Double.NaN)));
    Opened opened = Browser.find(folder).open(page);
    assertEquals(List.of(), opened.console());
    assertEquals(Set.of("accuracy", "duration", "samples"), opened.drawn());
    assertEquals(
        0, count("NaN|undefined", opened.page().replaceAll("(?s)<script.*?</script>", "")));
  }
}
