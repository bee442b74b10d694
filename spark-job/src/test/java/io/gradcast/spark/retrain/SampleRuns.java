package io.gradcast.spark.retrain;

import io.gradcast.spark.retrain.RunRecord.Comparison;
import io.gradcast.spark.retrain.RunRecord.Data;
import io.gradcast.spark.retrain.RunRecord.Training;
import java.time.Instant;
import java.util.List;

/** Runs as they are recorded. */
final class SampleRuns {

  private static final long STARTED = Instant.parse("2026-11-24T01:00:00.125Z").toEpochMilli();

  private SampleRuns() {}

  /** One that has everything. */
  static RunRecord full() {
    return new RunRecord(
        "2026-11-24.2",
        "2026-11-24",
        STARTED,
        STARTED + 750_000,
        612.5,
        1,
        Outcome.PROMOTED,
        0,
        "better: \"5\" against '6',\nπ – 猫 🐈",
        List.of("one bad record", "größer als sonst, ⚠"),
        "v7",
        "v6",
        42,
        new Data(
            60_000,
            10_000,
            List.of("Zürich", "猫"),
            List.of(59_000L, 1_000L),
            List.of(0.1307, 0.5, 1.0),
            List.of(0.3081, 0.25, 0.0),
            "ab".repeat(32),
            "cd".repeat(16)),
        new Training("v7", 12, 480.25, 1_234_567_890_123L, "ef".repeat(32)),
        new Comparison(0.9912, 0.9898, 21, 35, 0.0404, "{\"rules\":[{\"p\":0.0404}]}"),
        "0.1.0");
  }

  /** One that came to nothing, an hour before the other. */
  static RunRecord empty(String id) {
    return new RunRecord(
        id,
        id.substring(0, 10),
        STARTED - 3_600_000,
        STARTED - 3_600_000,
        0,
        0,
        Outcome.BAD_DATA,
        3,
        "",
        List.of(),
        "",
        "",
        0,
        Data.NONE,
        Training.NONE,
        Comparison.NONE,
        "");
  }
}
