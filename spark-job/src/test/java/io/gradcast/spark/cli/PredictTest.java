package io.gradcast.spark.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.score.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions of tables and folders: each row where it is, with what is to be kept of it. */
class PredictTest {

  @TempDir private static Path folder;
  private static Path model;
  private static Path table;
  private static Path unlabelled;
  private static Path bad;

  @TempDir private Path out;

  private Run predict(Path data, Object... more) {
    return Predicting.with(model, data, out.resolve("out"), more);
  }

  private List<Map<String, Object>> rows() throws IOException {
    return Predicting.rows(out.resolve("out"));
  }

  @BeforeAll
  static void write() throws IOException {
    model = Predicting.writeModel(folder);
    table = folder.resolve("table");
    unlabelled = folder.resolve("unlabelled");
    bad = folder.resolve("bad");
    StructType schema =
        new StructType()
            .add("note", DataTypes.StringType)
            .add("digits", DataTypes.BinaryType)
            .add("key", DataTypes.IntegerType)
            .add("weight", DataTypes.DoubleType)
            .add("label", DataTypes.StringType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < Predicting.COUNT; i++) {
      String label = i == 5 ? null : Predicting.MODEL.classes().get(Predicting.SAMPLES.label(i));
      rows.add(
          RowFactory.create("note, " + i, Predicting.SAMPLES.image(i), 1000 + i, i / 8.0, label));
    }
    try (SparkSession spark =
        SparkSession.builder().config(SmallTraining.sparkConf("local[2]")).getOrCreate()) {
      Dataset<Row> all = spark.createDataFrame(rows, schema).coalesce(1);
      all.withColumn("tags", expr("array(note)")).write().parquet(table.toString());
      all.select("digits").write().option("maxRecordsPerFile", 25).orc(unlabelled.toString());
      Dataset<Row> broken =
          all.withColumn("digits", expr("if(key % 20 = 7, substring(digits, 1, 99), digits)"));
      broken.select(col("key"), col("digits")).write().parquet(bad.toString());
    }
  }

  @Test
  void rowsOfATableKeepTheirKeysLabelsAndColumns() throws IOException {
    predict(table, "--id-column=key", "--keep=weight,note").succeeded();
    List<Map<String, Object>> rows = rows();
    assertEquals(Predicting.COUNT, rows.size());
    Scorer scorer = new Scorer(Predicting.MODEL);
    for (int i = 0; i < Predicting.COUNT; i++) {
      Map<String, Object> row = rows.get(i);
      if (i != 5) {
        assertEquals(
            Predicting.columns("id", "weight", "note", "label"), List.copyOf(row.keySet()));
      }
      assertEquals(1000L + i, row.get("id"));
      assertEquals("note, " + i, row.get("note"));
      assertEquals(i / 8.0, row.get("weight"));
      assertEquals(
          i == 5 ? null : Predicting.MODEL.classes().get(Predicting.SAMPLES.label(i)),
          row.get("label"));
      assertEquals(Predicting.PREDICTIONS.get(i), row.get("predicted"));
      scorer.score(Predicting.SAMPLES, new int[] {i}, 0, 1);
      assertEquals(
          Float.toString(scorer.score(0, 3)), row.get("score_class 3").toString(), "score");
    }
  }

  @Test
  void allColumnsAreKeptButThoseThatAreThereAnyway() throws IOException {
    predict(table, "--id-column=key", "--keep=all", "--partitions=1").succeeded();
    assertEquals(
        Predicting.columns("id", "note", "weight", "tags", "label"),
        List.copyOf(rows().get(0).keySet()));
  }

  @Test
  void columnsThatCannotBeKeptAreNamed() throws IOException {
    predict(table, "--keep=colour")
        .failedWith(
            2, "keep: expected columns of the data, note, digits, key, weight, label", "colour");
    predict(table, "--keep=label")
        .failedWith(
            2, "keep: expected columns of other names than the predictions have, found label");
    Run.of(
            "predict",
            "--model=" + model,
            "--data=" + table,
            "--keep=tags",
            "--output=" + out.resolve("out"))
        .failedWith(2, "keep: expected columns that csv can hold, found: ", "`tags`");
    Path idx = IdxFiles.write(folder.resolve("idx"), 1, 10, 28);
    predict(idx, "--keep=key")
        .failedWith(2, "keep: expected a table, which has columns, found IDX or packed files");
    Outputs.assertNothingBeside(out);
  }

  @Test
  void rowsWithoutIdAreNamedByTheirFilesAndPlacesThere() throws IOException {
    predict(unlabelled).succeeded();
    List<Map<String, Object>> rows = rows();
    assertEquals(Predicting.columns("id"), List.copyOf(rows.get(0).keySet()));
    Map<String, Object> predicted =
        rows.stream()
            .collect(
                Collectors.toMap(
                    row -> (String) row.get("id"),
                    row -> row.get("predicted"),
                    (one, other) -> "twice",
                    TreeMap::new));
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(unlabelled)) {
      all.filter(file -> file.toString().endsWith(".orc")).sorted().forEach(files::add);
    }
    Map<String, Object> expected = new TreeMap<>();
    for (int i = 0; i < Predicting.COUNT; i++) {
      expected.put(
          "file:%s#%d".formatted(files.get(i / 25), i % 25), Predicting.PREDICTIONS.get(i));
    }
    assertEquals(expected, predicted);
  }

  @Test
  void rowsOfAQueryAreToldByWhatTheyAre() throws IOException {
    Run.of(
            "predict",
            "--model=" + model,
            "--query=SELECT digits, label, key FROM parquet.`%s` WHERE key < 1020".formatted(table),
            "--keep=key",
            "--output=" + out.resolve("out"),
            "--output-format=json")
        .succeeded();
    List<Map<String, Object>> rows = rows();
    assertEquals(20, rows.size());
    assertEquals(20, rows.stream().map(row -> row.get("id")).distinct().count());
    for (Map<String, Object> row : rows) {
      int i = ((Number) row.get("key")).intValue() - 1000;
      assertEquals(Predicting.PREDICTIONS.get(i), row.get("predicted"));
      assertTrue(row.get("id").toString().matches("[0-9a-f]{32}"), row::toString);
    }
  }

  @Test
  void firstBadRecordIsNamedAndLeavesNothing() throws IOException {
    predict(bad, "--id-column=key")
        .failedWith(
            3,
            "bad: 1007: expected a PNG, a JPEG, or raw bytes of the size of an image, found 99"
                + " other bytes; on-bad-record = skip leaves it out");
    predict(bad, "--id-column=key", "--on-bad-record=skip", "--max-bad-fraction=0.049")
        .failedWith(3, "bad: 1007: expected", "max-bad-fraction is 0.049, 3 of 60 records are bad");
    Outputs.assertNothingBeside(out);
  }

  @Test
  void badRecordsThatAreBorneAreListedBesideThePredictions() throws IOException {
    Run run =
        predict(bad, "--id-column=key", "--on-bad-record=skip", "--max-bad-fraction=0.05")
            .succeeded();
    Path output = out.resolve("out");
    assertEquals("57 predictions in file:%s%n".formatted(output), run.out());
    assertEquals(
        "gradcast: 3 bad records are left out; _bad-records has the list%n".formatted(), run.err());
    assertEquals(
        IntStream.range(1000, 1000 + Predicting.COUNT).filter(i -> i % 20 != 7).boxed().toList(),
        rows().stream().map(row -> ((Number) row.get("id")).intValue()).toList());
    List<String> list = Predicting.lines(output.resolve("_bad-records"), ".csv");
    assertEquals(4, list.size());
    for (int i = 0; i < 3; i++) {
      Run.assertPieces(list.get(1 + i), "\"%d\",\"expected a PNG".formatted(1007 + 20 * i));
    }
    assertFalse(rows().get(0).containsKey("problem"));
  }

  @Test
  void emptyTableGivesAnEmptyOne() throws IOException {
    Run.of(
            "predict",
            "--model=" + model,
            "--query=SELECT digits, label FROM parquet.`%s` WHERE key < 0".formatted(table),
            "--output=" + out.resolve("out"))
        .succeeded();
    assertEquals(
        Set.of("id,label,predicted"),
        Predicting.lines(out.resolve("out"), ".csv").stream()
            .map(line -> line.replaceFirst(",score_.*", ""))
            .collect(Collectors.toSet()));
  }

  @Test
  void evaluationMatchesLabelsToTheClassesOfTheModelByTheirNames() {
    Run run =
        Run.of(
                "evaluate",
                "--model=" + model,
                "--query=SELECT digits, label FROM parquet.`%s` WHERE label != 'class 0'"
                    .formatted(table))
            .succeeded();
    long labelled =
        IntStream.range(0, Predicting.COUNT)
            .filter(i -> i != 5 && Predicting.SAMPLES.label(i) != 0)
            .count();
    long right =
        IntStream.range(0, Predicting.COUNT)
            .filter(i -> i != 5 && Predicting.SAMPLES.label(i) != 0)
            .filter(
                i ->
                    Predicting.PREDICTIONS
                        .get(i)
                        .equals(Predicting.MODEL.classes().get(Predicting.SAMPLES.label(i))))
            .count();
    Run.assertPieces(run.out(), " (%d of %d)".formatted(right, labelled));
    Run.of("evaluate", "--model=" + model, "--data=" + table)
        .failedWith(3, "row 5 of part-", "expected a label, found none");
    Run.of(
            "evaluate",
            "--model=" + model,
            "--query=SELECT digits, 'class x' AS label FROM parquet.`%s`".formatted(table))
        .failedWith(3, "expected a label of class 0, class 1", "found class x");
  }
}
