package io.gradcast.spark.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  private static final String TRAINED = page(SmallReport.trained());

  private static String page(Report report) {
    return new String(ReportPage.write(report), StandardCharsets.UTF_8);
  }

  /** The text of a section, without tags. */
  private static String section(String page, String id) {
    String from = page.substring(page.indexOf("<section id=\"" + id + "\""));
    String section = from.substring(0, from.indexOf("</section>"));
    return section.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
  }

  private static void assertHas(String section, String... pieces) {
    assertSectionHas(TRAINED, section, pieces);
  }

  private static void assertSectionHas(String page, String section, String... pieces) {
    String text = section(page, section);
    for (String piece : pieces) {
      assertTrue(text.contains(piece), () -> "expected " + piece + " in " + text);
    }
  }

  private static List<String> all(String regex, String page) {
    return Pattern.compile(regex).matcher(page).results().map(MatchResult::group).toList();
  }

  @Test
  void headTellsTheResultsAtAGlance() {
    String head = TRAINED.substring(0, TRAINED.indexOf("<nav")).replaceAll("<[^>]*>", "");
    for (String piece :
        List.of(
            "4 of 6 test images right; 3 classes, 119 parameters",
            "66.67 %",
            "2 wrong",
            "100.00 %", // top 2
            "0.5000")) { // loss
      assertTrue(head.contains(piece), () -> "expected " + piece + " in the head");
    }
  }

  @Test
  void curvesAreThereAsATableWithTheBestEpochMarked() {
    assertHas(
        "curves",
        "1 0.7500 75.00 % 0.5000 50.00 % 50.00 %",
        "2 (best) 0.5000 50.00 % 0.2500 75.00 % 25.00 %",
        "3 0.2500 12.50 % 0.3750 75.00 % 25.00 %",
        "The best epoch is 2 , with an error of 25.00 %.");
    assertEquals(1, all("<tr class=\"best\">", TRAINED).size());
  }

  @Test
  void confusionIsCountedByLabelAndPrediction() {
    List<String> cells = all("<td class=\"(right|wrong)\"[^>]*>\\d+</td>", TRAINED);
    assertEquals(
        List.of("2", "1", "1", "1", "1"),
        cells.stream().map(cell -> cell.replaceAll("<[^>]*>", "")).toList());
    assertHas("confusion", "1 33.33 %", "class 2 class 0 1 50.00 %");
  }

  @Test
  void classesHavePrecisionRecallAndF1() {
    assertHas(
        "classes",
        "class 0 3 66.67 % 66.67 % 66.67 %",
        "1 50.00 % 100.00 % 66.67 %",
        "class 2 2 100.00 % 50.00 % 66.67 %",
        "Mean 72.22 % 72.22 % 66.67 %");
  }

  /** Four samples 0.9 sure, of which 3 are right; two 0.6 sure, of which 1 is. */
  @Test
  void calibrationAndTopKAreThere() {
    assertHas(
        "calibration",
        "Expected calibration error: 13.33 %",
        "86.67 % to 93.33 % 4 90.00 % 75.00 %",
        "60.00 % to 66.67 % 2 60.00 % 50.00 %",
        "1 4 66.67 %",
        "2 6 100.00 %");
  }

  @Test
  void worstMistakesComeFirstWithTheirImages() {
    assertHas("mistakes", "class 2 taken for class 0 90.00 % sure, loss 1.500 image 15");
    String section = section(TRAINED, "mistakes");
    assertTrue(section.indexOf("image 15") < section.indexOf("image 12"), section);
    assertEquals(
        2, all("<img src=\"data:image/png;base64,[^\"]*\" alt=\"Image 1[25],", TRAINED).size());
  }

  @Test
  void weightsAndActivationsArePictures() {
    assertHas("kernels", "Weights of 2 maps or units, each 1x3x3 (c1.weight)");
    assertEquals(2, all("alt=\"Weights of map \\d\"", TRAINED).size());
    assertHas("activations", "Image 10, of label class 0 , was taken for class 0 , 90.00 % sure");
    assertHas("activations", "c1, sigmoid-2 2x4x4", "out 3 units");
  }

  /** Of class 0 all is right; of class 1 one is missed; of class 2 one is missed, one wrong. */
  @Test
  void severalLabelsHaveCountsOfTheirOwnAndNoConfusion() {
    String page = page(SmallReport.ofSeveralLabels());
    assertTrue(page.contains("2 of 4 test images with all labels right; 3 classes"), page);
    assertFalse(page.contains("id=\"confusion\"") || page.contains("#confusion"));
    assertFalse(page.contains("Top-2") || page.contains("top-k"));
    assertSectionHas(
        page,
        "classes",
        "class 0 2 0 0 100.00 % 100.00 % 100.00 %",
        "2 1 0 100.00 % 50.00 % 66.67 %",
        "class 2 1 1 1 0.00 % 0.00 % 0.00 %",
        "All 75.00 % 60.00 % 66.67 %",
        "Mean 66.67 % 50.00 % 55.56 %");
    assertSectionHas(page, "calibration", "6.67 % to 13.33 % 3 10.00 % 0.00 %");
    assertSectionHas(
        page,
        "mistakes",
        "taken for class 0 + class 2 43.20 % sure, loss 2.500 image 21",
        "class 2 taken for none");
    assertSectionHas(page, "activations", "Image 20, of label class 0 + ");
  }

  @Test
  void timeIsSharedOutOverTheParts() {
    assertHas("time", "4.0 in all", "Reading 1.0 25.00 %", "Arithmetic 3.0 75.00 %");
  }

  @Test
  void networkAndSettingsAreThere() {
    assertHas("run", "c1 Convolution 2x4x4 20", "out Dense 3x1x1 99", "Settings", "data");
  }

  @Test
  void namesAreEscapedEverywhere() {
    assertFalse(TRAINED.contains("<img src=x"), "markup of a name");
    assertEquals(all("<script", TRAINED).size(), all("</script", TRAINED).size());
    assertTrue(TRAINED.contains("&lt;/script&gt;&lt;img src"), "the name as text");
  }

  @Test
  void nothingIsLoadedFromAnywhere() {
    for (String link : all("(src|href)\\s*=\\s*\"[^\"]*\"", TRAINED)) {
      assertTrue(link.matches("src=\"data:image/png.*|href=\"#[a-z]+\""), link);
    }
    assertEquals(List.of(), all("@import|url\\(", TRAINED.substring(0, TRAINED.indexOf("<body>"))));
    assertTrue(TRAINED.contains("content=\"default-src 'none';"), "the page forbids it too");
  }

  @Test
  void everyLinkHasItsPlaceAndEveryPictureItsText() {
    for (String link : all("href=\"#[a-z]+\"", TRAINED)) {
      String id = link.replaceAll(".*#|\"", "");
      assertTrue(TRAINED.contains("id=\"" + id + "\""), link);
    }
    for (String image : all("<img [^>]*>", TRAINED.substring(0, TRAINED.indexOf("<script")))) {
      assertTrue(image.contains(" alt=\""), image);
    }
  }

  @Test
  void sameReportGivesTheSameBytes() {
    assertArrayEquals(
        ReportPage.write(SmallReport.trained()), ReportPage.write(SmallReport.trained()));
  }

  @Test
  void evaluationHasNoCurvesAndNoTimes() {
    String page = page(SmallReport.ofClasses(3));
    for (String absent : List.of("id=\"curves\"", "#curves", "id=\"time\"", "#time")) {
      assertFalse(page.contains(absent), absent);
    }
    assertTrue(page.contains("evaluation report"), "what it is");
  }

  @Test
  void matrixOfManyClassesIsDrawnInsteadOfWritten() {
    String page = page(SmallReport.ofClasses(100));
    assertFalse(page.contains("class=\"matrix\""), "a table of 10,000 cells");
    assertTrue(page.contains("data-chart=\"confusion\""), "a drawing");
    assertTrue(page.contains("The 40 classes of the lowest F1"), "a plot that can be read");
    assertTrue(section(page, "classes").contains("class 99"), "all classes in the table");
  }
}
