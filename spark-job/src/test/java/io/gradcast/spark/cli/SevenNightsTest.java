package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A week as a scheduler has it: digits that are drawn a little fainter every day, files that are
 * broken on the third, a run that is killed on the fourth, labels that are wrong on the fifth.
 */
class SevenNightsTest {

  @TempDir private Path folder;

  private Path days;
  private Retrains retrains;
  private final List<String> told = new ArrayList<>();

  private static String date(int night) {
    return "2026-11-" + (17 + night);
  }

  @Test
  void theRightModelIsChampionAfterEachNight() throws Exception {
    days = folder.resolve("days");
    makeWeek();
    retrains =
        new Retrains(
            folder,
            "--set=data=" + days + "/date={window}",
            "--test=" + days + "/date=test",
            "--set=max-bad-fraction=0.05",
            "--checkpoint-every=2 iterations");
    night(1);
    night(2);
    night(3);
    kill(date(4));
    night(4);
    night(5);
    night(6);
    night(7, "--window=2", "--drift-samples=2");
    assertEquals(
        List.of(
            "2026-11-18 promoted 0, champion of 2026-11-18",
            "2026-11-19 promoted 0, champion of 2026-11-19",
            "2026-11-20 bad-data 3, champion of 2026-11-19",
            "2026-11-21 promoted 0, champion of 2026-11-21",
            "2026-11-22 kept 0, champion of 2026-11-21",
            "2026-11-23 promoted 0, champion of 2026-11-23",
            "2026-11-24 promoted 0, champion of 2026-11-24"),
        told);
    assertEquals(told, history());
    String page = Files.readString(retrains.store().resolve("history.html"));
    for (int night = 1; night <= 7; night++) {
      assertTrue(page.contains(date(night)), date(night));
    }
  }

  private void makeWeek() throws IOException {
    for (int night = 1; night <= 7; night++) {
      int faint = 100 - 3 * night;
      int shift = night == 5 ? 3 : 0;
      DatedDigits.in(days)
          .drawn(level -> level * faint / 100)
          .labelled(label -> (label + shift) % 10)
          .day(date(night), night, 300);
    }
    DatedDigits.in(days).drawn(level -> level * 88 / 100).day("test", 99, 300);
    try (Stream<Path> files = Files.walk(days.resolve("date=" + date(3)))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().limit(30).toList()) {
        Files.write(file, new byte[] {1, 2, 3});
      }
    }
  }

  private void night(int number, String... more) throws IOException {
    List<String> flags = new ArrayList<>(List.of("--on-bad-record=skip"));
    flags.addAll(List.of(more));
    Run run = retrains.run(date(number), flags.toArray(String[]::new));
    Map<String, Object> summary = Retrains.summary(run);
    told.add(
        "%s %s, champion of %s"
            .formatted(summary.get("run"), Retrains.outcome(run), day(retrains.champion())));
    assertEquals(retrains.champion(), summary.get("champion"));
  }

  private static String day(String version) {
    return version.substring(0, Math.min(10, version.length()));
  }

  /** Starts a run and kills it in the midst of its training. */
  private void kill(String date) throws Exception {
    Process process =
        Child.start(
            Gradcast.class,
            List.of(),
            retrains.command(date, "--on-bad-record=skip", "--epochs=6").toArray(String[]::new));
    try (BufferedReader err = process.errorReader()) {
      String line = err.readLine();
      while (line != null && !line.startsWith("epoch 2/")) {
        line = err.readLine();
      }
      assertTrue(line != null, "it came to its second epoch");
      process.toHandle().destroyForcibly();
      process.waitFor();
    }
    assertEquals(date(2), day(retrains.champion()));
  }

  /** As Spark SQL reads the table of runs. */
  private List<String> history() throws IOException {
    try (SparkSession spark = SparkSession.builder().appName("history").getOrCreate()) {
      List<Row> rows =
          spark
              .read()
              .parquet(retrains.store().resolve("runs").toString())
              .selectExpr("runId", "outcome", "exitCode", "champion")
              .orderBy("runDate")
              .collectAsList();
      return rows.stream()
          .map(
              row ->
                  "%s %s %s, champion of %s"
                      .formatted(row.get(0), row.get(1), row.get(2), day(row.getString(3))))
          .toList();
    }
  }
}
