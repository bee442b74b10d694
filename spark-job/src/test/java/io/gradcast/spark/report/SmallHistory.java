package io.gradcast.spark.report;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Histories as nights of retraining make them. */
final class SmallHistory {

  private static final LocalDate LAST = LocalDate.of(2026, 11, 24);

  private SmallHistory() {}

  /** One night a run, of ten classes; every 23rd has bad data, every 17th a bad model. */
  static List<HistoryPoint> of(int runs) {
    Random random = new Random(7);
    List<HistoryPoint> points = new ArrayList<>();
    double champion = Double.NaN;
    String version = "";
    for (int i = 0; i < runs; i++) {
      String date = LAST.minusDays(runs - 1L - i).toString();
      long samples = 40_000 + 300L * i + random.nextInt(900);
      if (i % 23 == 22) {
        points.add(
            new HistoryPoint(
                date,
                date,
                "bad-data",
                false,
                "2.3 % of 41,000 records are bad, at most 1 % may be",
                "",
                version,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                0,
                Map.of(),
                31));
        continue;
      }
      boolean bad = i % 17 == 16;
      double best = 0.9915 - 0.012 * Math.exp(-i / 25.0);
      double accuracy = bad ? 0.91 : best + 0.0011 * random.nextGaussian();
      double measured =
          Double.isNaN(champion) ? champion : champion + 0.0003 * random.nextGaussian();
      boolean promoted = !bad && !(accuracy < measured + 0.0008);
      String made = "v%d".formatted(i + 1);
      if (promoted) {
        champion = accuracy;
        version = made;
      }
      points.add(
          new HistoryPoint(
              date,
              date,
              promoted ? "promoted" : bad ? "gate-failed" : "kept",
              promoted,
              promoted
                  ? "better than the champion, p 0.012"
                  : bad
                      ? "class 3 has a recall of 0.41, at least 0.9 is asked for"
                      : "as good as the champion within 0.1 points",
              made,
              version,
              accuracy,
              measured,
              Double.isNaN(measured) ? measured : promoted ? 0.012 : random.nextDouble(),
              samples,
              classes(samples, i, runs),
              560 + 0.9 * i + 60 * random.nextDouble() + (i % 29 == 28 ? 900 : 0)));
    }
    return points;
  }

  private static Map<String, Long> classes(long samples, int run, int runs) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      double share = 0.1 + (i == 3 ? 0.04 : i == 7 ? -0.04 : 0) * run / runs;
      counts.put("digit " + i, Math.round(samples * share));
    }
    return counts;
  }

  /** A run whose texts are markup. */
  static HistoryPoint ofMarkup() {
    String markup = "</script><img src=x onerror=alert(1)>&\"";
    return new HistoryPoint(
        markup,
        "2026-11-24",
        markup,
        true,
        markup,
        markup,
        markup,
        0.5,
        Double.NaN,
        0.00001,
        1,
        Map.of(markup, 1L),
        3725);
  }
}
