package io.gradcast.spark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens reports in headless Chromium, where there is one. */
class BrowserTest {

  private static final Pattern DRAWN =
      Pattern.compile("<div class=\"chart[^>]*data-chart=\"(\\w+)\"[^>]*><svg [^>]*role=\"img\"");

  @TempDir private static Path folder;
  private static String browser;

  /** A page as the browser has it after its scripts ran, and what these said. */
  private record Opened(String page, List<String> console) {}

  @BeforeAll
  static void find() {
    browser =
        Stream.of("chromium", "chromium-browser", "google-chrome")
            .flatMap(
                name ->
                    Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(path -> Path.of(path, name)))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .findFirst()
            .orElse("");
    assumeTrue(!browser.isEmpty(), "no Chromium on the PATH: reports were not opened");
  }

  private static Opened open(Report report) throws Exception {
    Path page = Files.write(folder.resolve("report.html"), ReportPage.write(report));
    Path dom = folder.resolve("dom");
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr",
                "--window-size=1200,900",
                "--virtual-time-budget=10000",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the browser did not end");
    } finally {
      process.destroyForcibly();
    }
    try (Stream<String> lines = Files.lines(log)) {
      return new Opened(
          Files.readString(dom), lines.filter(line -> line.contains("CONSOLE")).toList());
    }
  }

  private static Set<String> drawn(Opened opened) {
    Set<String> charts = new TreeSet<>();
    DRAWN.matcher(opened.page).results().forEach(chart -> charts.add(chart.group(1)));
    return charts;
  }

  @Test
  void everyFigureOfATrainingIsDrawnWithoutAWordOnTheConsole() throws Exception {
    Opened opened = open(SmallReport.trained());
    assertEquals(List.of(), opened.console);
    assertEquals(Set.of("loss", "error", "classes", "reliability"), drawn(opened));
    assertTrue(opened.page.contains("best: epoch 2, 25 %"), "the mark of the best epoch");
    assertEquals(2, count("class=\"series[^\"]*\" d=\"M", figure(opened, "loss")));
    assertEquals(3, count("<circle", figure(opened, "classes")));
    assertEquals(2, count("<circle", figure(opened, "reliability")));
  }

  @Test
  void matrixOfManyClassesHasACellForEachPairThatOccurred() throws Exception {
    Opened opened = open(SmallReport.ofClasses(100));
    assertEquals(List.of(), opened.console);
    assertEquals(Set.of("confusion", "classes", "reliability"), drawn(opened));
    assertEquals(66, count("class=\"cell right\"", opened.page));
    assertEquals(34, count("class=\"cell wrong\"", opened.page));
  }

  @Test
  void severalLabelsAreDrawnWithoutAMatrix() throws Exception {
    Opened opened = open(SmallReport.ofSeveralLabels());
    assertEquals(List.of(), opened.console);
    assertEquals(Set.of("loss", "error", "classes", "reliability"), drawn(opened));
    assertTrue(opened.page.contains("3 scores, "), "what a dot counts");
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
    assertEquals(List.of(), opened.console);
    assertTrue(opened.page.contains("best: epoch 1, 50 %"), "the only epoch");
    assertEquals(0, count("NaN", figure(opened, "loss")));
  }

  private static String figure(Opened opened, String chart) {
    String from = opened.page.substring(opened.page.indexOf("data-chart=\"" + chart));
    return from.substring(0, from.indexOf("</figure>"));
  }

  private static long count(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().count();
  }
}
