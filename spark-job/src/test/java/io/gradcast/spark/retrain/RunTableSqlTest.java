package io.gradcast.spark.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.store.ModelStore;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark reads the folder of runs as it is. */
class RunTableSqlTest {

  @TempDir private Path store;

  @Test
  void folderOfRunsIsATable() throws IOException {
    RunTable table =
        new RunTable(ModelStore.open(new Storage(new Configuration()), store.toString()).files());
    table.write(SampleRuns.full());
    table.write(SampleRuns.empty("2026-11-25"));
    try (SparkSession spark =
        SparkSession.builder()
            .config(SmallTraining.sparkConf("local[2]"))
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()) {
      Dataset<Row> runs = spark.read().parquet(store + "/runs");
      assertTypes(runs);
      runs.createOrReplaceTempView("runs");
      assertEquals(
          "[2026-11-24.2,better: \"5\" against '6',\nπ – 猫 🐈,2026-11-24 01:00:00.125,750,猫,1000,0.25,"
              + "1234567890123]",
          spark
              .sql(
                  """
                  select runId, reason, cast(started as string),
                    cast(cast(ended as double) - cast(started as double) as int),
                    classes[1], classCounts[1], pixelDeviations[1], modelBytes
                  from runs where accuracy > championAccuracy""")
              .first()
              .toString());
      assertEquals(
          "[2026-11-25,bad-data,true,0,0]",
          spark
              .sql(
                  """
                  select runId, outcome, accuracy is null, size(classes), samples
                  from runs where outcome <> 'promoted'""")
              .first()
              .toString());
    }
  }

  private static void assertTypes(Dataset<Row> runs) {
    Map<String, String> names =
        Arrays.stream(runs.schema().fields())
            .sorted(Comparator.comparing(StructField::name))
            .collect(
                Collectors.groupingBy(
                    field -> field.dataType().sql(),
                    Collectors.mapping(StructField::name, Collectors.joining(" "))));
    assertEquals(
        Map.of(
            "STRING",
            "champion dataFingerprint dataListing decision formerChampion gradcastVersion"
                + " modelSha256 outcome reason runDate runId version",
            "TIMESTAMP",
            "ended started",
            "BIGINT",
            "epochs exitCode fencing modelBytes onlyChallengerRight onlyChampionRight resumed"
                + " samples testSamples",
            "DOUBLE",
            "accuracy championAccuracy pValue seconds trainSeconds",
            "ARRAY<STRING>",
            "classes warnings",
            "ARRAY<BIGINT>",
            "classCounts",
            "ARRAY<DOUBLE>",
            "pixelDeviations pixelMeans"),
        names);
  }
}
