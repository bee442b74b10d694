package io.gradcast.spark.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.spark.sql.AnalysisException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What queries with the function become, and what is said of wrong ones. */
class PredictFunctionPlanTest {

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

  @Test
  void whatOperatorsShareIsEvaluatedOnce() {
    String plan =
        digits
            .spark()
            .sql(
                ("SELECT id, p.predicted, p.scores[1] FROM (SELECT id, gradcast_predict('%s', image)"
                        + " p FROM digits) WHERE p.predicted = 'class 1' AND id < 50")
                    .formatted(digits.one()))
            .queryExecution()
            .optimizedPlan()
            .toString();
    assertEquals(2, plan.split("Predictions ", -1).length, plan);
    assertTrue(plan.indexOf("(id", plan.indexOf("Predictions ")) > 0, plan);
  }

  private static void assertRefused(String sentence, String query) {
    Throwable e = assertThrows(Exception.class, () -> digits.sql(query));
    while (e.getCause() != null) {
      e = e.getCause();
    }
    String message = e.getMessage().replace(digits.one(), "ONE");
    assertTrue(message.contains(sentence), () -> "expected \"" + sentence + "\" in: " + message);
  }

  @Test
  void badImagesAreNamed() {
    String from = "SELECT gradcast_predict($one, %s) FROM digits WHERE id = 11";
    assertRefused(
        "gradcast_predict('ONE', concat(digits.image, X'00')): row 0 of partition 0",
        from.formatted("image || X'00'"));
    assertRefused("found 783 other bytes", from.formatted("substring(image, 2)"));
    assertRefused("found null at place 1", from.formatted("array(1, NULL)"));
    assertRefused(
        "expected an image of 1x28x28, or the option resize, found 1x9x9",
        "SELECT gradcast_predict($one, X'%s')"
            .formatted(HexFormat.of().formatHex(DigitsInSql.SMALLER)));
    assertEquals(
        1,
        digits
            .sql(
                "SELECT gradcast_predict($one, X'%s', 'resize')"
                    .formatted(HexFormat.of().formatHex(DigitsInSql.SMALLER)))
            .size());
    assertRefused("numbers from 0 to 255, found -1", from.formatted("transform(numbers, x -> -1)"));
  }

  @Test
  void wrongCallsAreExplained() {
    String from = " FROM digits";
    assertRefused(
        "model: expected the path of a model as a constant",
        "SELECT gradcast_predict(string(id), image)" + from);
    assertRefused(
        "image: expected binary, an array of numbers or a vector",
        "SELECT gradcast_predict($one, label)" + from);
    assertRefused("requires", "SELECT gradcast_predict($one)" + from);
    assertRefused(
        "options: expected resize, channel-order=pixels or white=NUMBER above 0, found \"size\"",
        "SELECT gradcast_predict($one, image, 'size')" + from);
    assertRefused(
        "expected a model file or a folder with model.safetensors, found nothing",
        "SELECT gradcast_predict('absent', image)" + from);
    assertRefused(
        "expected an image from one side of a join, found one from both",
        "SELECT 1 FROM digits a JOIN digits b"
            + " ON gradcast_predict($one, coalesce(a.image, b.image)).confidence > 0");
    assertThrows(
        AnalysisException.class, () -> digits.sql("SELECT gradcast_predict($one, label)" + from));
  }
}
