package io.gradcast.spark.report;

import static io.gradcast.spark.report.Browser.count;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.report.Browser.Opened;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens reports in headless Chromium, where there is one. */
class BrowserTest {

  @TempDir private static Path folder;
  private static Browser browser;

  @BeforeAll
  static void find() {
    browser = Browser.find(folder);
  }

  private static Opened open(Report report) throws Exception {
    return browser.open(ReportPage.write(report));
  }

  @Test
  void everyFigureOfATrainingIsDrawnWithoutAWordOnTheConsole() throws Exception {
    Opened opened = open(SmallReport.trained());
    assertEquals(List.of(), opened.console());
    assertEquals(Set.of("loss", "error", "classes", "reliability"), opened.drawn());
    assertTrue(opened.page().contains("best: epoch 2, 25 %"), "the mark of the best epoch");
    assertEquals(2, count("class=\"series[^\"]*\" d=\"M", opened.figure("loss")));
    assertEquals(3, count("<circle", opened.figure("classes")));
    assertEquals(2, count("<circle", opened.figure("reliability")));
  }

  @Test
  void matrixOfManyClassesHasACellForEachPairThatOccurred() throws Exception {
    Opened opened = open(SmallReport.ofClasses(100));
    assertEquals(List.of(), opened.console());
    assertEquals(Set.of("confusion", "classes", "reliability"), opened.drawn());
    assertEquals(66, count("class=\"cell right\"", opened.page()));
    assertEquals(34, count("class=\"cell wrong\"", opened.page()));
  }

  @Test
  void severalLabelsAreDrawnWithoutAMatrix() throws Exception {
    Opened opened = open(SmallReport.ofSeveralLabels());
    assertEquals(List.of(), opened.console());
    assertEquals(Set.of("loss", "error", "classes", "reliability"), opened.drawn());
    assertTrue(opened.page().contains("3 scores, "), "what a dot counts");
  }

  @Test
  void oneEpochIsEnoughForACurve() throws Exception {
    Report all = SmallReport.trained();
    Report one =
        new Report(
            all.model(),
            all.evaluated(),
            all.examination(),
            all.watched(),
            List.of(new LearningPoint(1, Double.NaN, Double.NaN, 0.5, 0.5)),
            all.seconds(),
            all.facts());
    Opened opened = open(one);
    assertEquals(List.of(), opened.console());
    assertTrue(opened.page().contains("best: epoch 1, 50 %"), "the only epoch");
    assertEquals(0, count("NaN", opened.figure("loss")));
  }
}
