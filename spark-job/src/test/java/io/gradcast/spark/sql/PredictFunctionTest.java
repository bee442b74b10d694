package io.gradcast.spark.sql;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.score.SmallModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the function says, wherever a query may have it. */
class PredictFunctionTest {

  @TempDir private static Path folder;
  private static DigitsInSql digits;

  @BeforeAll
  static void start() throws IOException {
    digits = new DigitsInSql(folder);
  }

  @AfterAll
  static void stop() {
    digits.close();
  }

  private static void assertCounts(List<Row> rows) {
    Map<String, Long> counts =
        digits.expected().values().stream()
            .collect(Collectors.groupingBy(p -> p.getString(0), Collectors.counting()));
    assertEquals(
        counts,
        rows.stream()
            .filter(row -> !row.isNullAt(0))
            .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1))));
  }

  private static String aClass() {
    return digits.expected().get(1L).getString(0);
  }

  @Test
  void everyKindOfImageIsPredictedAsAlone() {
    digits.assertPredictions(
        digits.expected(), "SELECT id, gradcast_predict($one, image) p FROM digits");
    digits.assertPredictions(
        digits.expected(), "SELECT id, gradcast_predict($one, png) p FROM digits");
    digits.assertPredictions(
        digits.expected(), "SELECT id, gradcast_predict($one, numbers) p FROM digits");
    digits.assertPredictions(
        digits.expected(), "SELECT id, gradcast_predict($one, vector, 'white=1') p FROM digits");
    assertEquals(
        DigitsInSql.COUNT, digits.sql("SELECT gradcast_predict($one, image) FROM digits").size());
    assertEquals(
        digits.expected().size(),
        digits
            .spark()
            .table("digits")
            .select(call_function("gradcast_predict", lit(digits.one()), col("image")).as("p"))
            .where("p.confidence >= 0")
            .count());
  }

  @Test
  void filtersSortKeysAndGroupsMayUseIt() {
    String wanted = aClass();
    digits.assertPredictions(
        digits.expectedOf(wanted),
        "SELECT id, gradcast_predict($one, image) p FROM digits"
            + " WHERE gradcast_predict($one, image).predicted = '%s' AND id > 0".formatted(wanted));
    assertCounts(
        digits.sql(
            "SELECT gradcast_predict($one, image).predicted, count(*) FROM digits"
                + " GROUP BY gradcast_predict($one, image).predicted"));
    assertCounts(
        digits.sql(
            "SELECT p.predicted, count(*) FROM"
                + " (SELECT gradcast_predict($one, image) p FROM digits) GROUP BY p.predicted"));
    List<Row> sorted =
        digits.sql(
            "SELECT id FROM digits WHERE image IS NOT NULL"
                + " ORDER BY gradcast_predict($one, image).scores[3], id LIMIT 7");
    assertEquals(
        digits.expected().entrySet().stream()
            .sorted(Map.Entry.comparingByValue((a, b) -> third(a).compareTo(third(b))))
            .limit(7)
            .map(Map.Entry::getKey)
            .toList(),
        sorted.stream().map(row -> row.getLong(0)).toList());
  }

  private static Float third(Row p) {
    return (Float) ((List<?>) p.get(2)).get(3);
  }

  @Test
  void imagesMayBeWhatAGroupResultsIn() {
    digits.assertPredictions(
        digits.expected(),
        "SELECT id, gradcast_predict($one, first(image)) p FROM digits GROUP BY id");
    digits.assertPredictions(
        digits.expected(),
        "SELECT any_value(id) id, gradcast_predict($one, image) p FROM digits"
            + " WHERE image IS NOT NULL GROUP BY image");
    float sum =
        (float)
            digits
                .sql("SELECT sum(gradcast_predict($one, image).confidence) FROM digits")
                .get(0)
                .getDouble(0);
    assertEquals(
        digits.expected().values().stream().mapToDouble(p -> p.getFloat(1)).sum(), sum, 1e-4);
  }

  @Test
  void joinsViewsAndSubqueriesMayUseIt() {
    digits.sql(
        "CREATE OR REPLACE TEMP VIEW found AS SELECT id, gradcast_predict($one, image) p FROM digits");
    String wanted = aClass();
    digits.assertPredictions(digits.expected(), "SELECT * FROM found");
    digits.assertPredictions(
        digits.expectedOf(wanted),
        "SELECT * FROM found WHERE p.predicted = '%s'".formatted(wanted));
    digits.assertPredictions(
        digits.expected(),
        "SELECT a.id, a.p FROM found a JOIN found b ON a.id = b.id AND a.p.predicted = b.p.predicted");
    digits.assertPredictions(
        digits.expected(),
        "SELECT d.id, gradcast_predict($one, image) p FROM digits d JOIN"
            + " (SELECT col1 name FROM VALUES ('class 0'), ('class 1'), ('class 2'), ('class 3'),"
            + " ('class 4'), ('class 5'), ('class 6'), ('class 7'), ('class 8'), ('class 9'))"
            + " ON name = gradcast_predict($one, image).predicted");
    digits.assertPredictions(
        digits.expectedOf(wanted),
        "SELECT id, p FROM found WHERE id IN (SELECT id FROM digits"
            + " WHERE gradcast_predict($one, png).predicted = '%s')".formatted(wanted));
    digits.assertPredictions(
        digits.expected(),
        "SELECT id, p FROM found f WHERE EXISTS (SELECT 1 FROM digits d WHERE d.id = f.id"
            + " AND gradcast_predict($one, d.png).predicted = f.p.predicted)");
    assertEquals(
        (long) digits.expected().size(),
        digits
            .sql("SELECT (SELECT count(gradcast_predict($one, png).predicted) FROM digits)")
            .get(0)
            .getLong(0));
    digits.assertPredictions(
        digits.expected(),
        "WITH c AS (SELECT id, gradcast_predict($one, image) p FROM digits)"
            + " SELECT id, p FROM c WHERE id < 50 UNION ALL SELECT id, p FROM c WHERE id >= 50");
  }

  @Test
  void severalModelsMayBeInOneQuery() {
    List<Row> rows =
        digits.sql(
            "SELECT id, gradcast_predict($one, image) p, gradcast_predict($several, image) q,"
                + " gradcast_predict($several, png).predicted r FROM digits");
    Map<Long, Row> others = DigitsInSql.predictions(SmallModel.of(true, 2));
    for (Row row : rows) {
      Row p = digits.expected().get(row.getLong(0));
      Row q = others.get(row.getLong(0));
      assertEquals(p == null, row.isNullAt(1));
      assertEquals(p == null, row.isNullAt(2));
      if (p != null) {
        assertEquals(p.getString(0), row.getStruct(1).getString(0));
        assertEquals(q.getString(0), row.getStruct(2).getString(0));
        assertEquals(q.getString(0), row.getString(3));
      }
    }
    digits.assertPredictions(
        DigitsInSql.predictions(SmallModel.of(true, 2)),
        "SELECT id, gradcast_predict($several, CASE WHEN gradcast_predict($one, image).confidence > 0"
            + " THEN image END) p FROM digits");
  }

  @Test
  void tablesMayBeCachedLimitedOrEmpty() {
    digits.sql("CACHE TABLE kept AS SELECT id, gradcast_predict($one, image) p FROM digits");
    digits.assertPredictions(digits.expected(), "SELECT * FROM kept");
    digits.sql("UNCACHE TABLE kept");
    assertEquals(5, digits.sql("SELECT gradcast_predict($one, image) FROM digits LIMIT 5").size());
    assertEquals(
        List.of(), digits.sql("SELECT gradcast_predict($one, image) FROM digits WHERE id < 0"));
    assertEquals(
        List.of(),
        digits.sql("SELECT gradcast_predict($one, image) FROM (SELECT * FROM digits LIMIT 0)"));
    assertTrue(digits.sql("SELECT gradcast_predict($one, NULL)").get(0).isNullAt(0));
  }
}
