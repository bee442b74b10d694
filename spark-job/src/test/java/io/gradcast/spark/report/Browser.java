package io.gradcast.spark.report;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Headless Chromium. */
final class Browser {

  private static final Pattern DRAWN =
      Pattern.compile("<div class=\"chart[^>]*data-chart=\"(\\w+)\"[^>]*><svg [^>]*role=\"img\"");

  private final String program;
  private final Path folder;

  private Browser(String program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /**
   * The one on the PATH; without one the test is skipped.
   *
   * @param folder that it may write to
   */
  static Browser find(Path folder) {
    String program =
        Stream.of("chromium", "chromium-browser", "google-chrome")
            .flatMap(
                name ->
                    Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(path -> Path.of(path, name)))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .findFirst()
            .orElse("");
    assumeTrue(!program.isEmpty(), "no Chromium on the PATH: reports were not opened");
    return new Browser(program, folder);
  }

  /** A page as the browser has it after its scripts ran, and what these said. */
  record Opened(String page, List<String> console) {

    Set<String> drawn() {
      Set<String> charts = new TreeSet<>();
      DRAWN.matcher(page).results().forEach(chart -> charts.add(chart.group(1)));
      return charts;
    }

    String figure(String chart) {
      String from = page.substring(page.indexOf("data-chart=\"" + chart));
      return from.substring(0, from.indexOf("</figure>"));
    }
  }

  Opened open(byte[] html) throws IOException, InterruptedException {
    Path page = Files.write(folder.resolve("page.html"), html);
    Path dom = folder.resolve("dom");
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                program,
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

  static long count(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().count();
  }
}
