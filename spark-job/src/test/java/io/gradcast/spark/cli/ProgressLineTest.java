package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a person sees of long work. The limit only ends a test that would wait for ever. */
@Timeout(60)
class ProgressLineTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  // Buffered like System.err, so that what is not flushed is not seen.
  private final PrintStream out =
      new PrintStream(new BufferedOutputStream(bytes), false, StandardCharsets.UTF_8);

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Updates until one is shown: they are limited in time, not in number. */
  private void update(ProgressLine line, double share, String text) {
    int before = bytes.size();
    while (bytes.size() == before) {
      line.update(share, () -> text);
      Thread.onSpinWait();
    }
  }

  /** What a terminal shows in the end, line by line. */
  private static String shown(String written) {
    StringBuilder screen = new StringBuilder();
    for (String line : written.split("\n", -1)) {
      StringBuilder row = new StringBuilder();
      for (String part : line.split("\r", -1)) {
        row.replace(0, Math.min(row.length(), part.length()), part);
      }
      screen.append(row.toString().stripTrailing()).append('\n');
    }
    return screen.toString().stripTrailing();
  }

  @Test
  void terminalLineIsRewrittenInPlace() {
    ProgressLine line = new ProgressLine(out, true);
    update(line, 0.5, "a longer text");
    assertEquals("\r[############............] a longer text", written());
    update(line, 1, "short");
    assertEquals("[########################] short", shown(written()));
    assertFalse(written().contains("\n"));
  }

  @Test
  void shareOutsideOfItsRangeKeepsTheBarWhole() {
    ProgressLine line = new ProgressLine(out, true);
    update(line, -1, "before");
    assertEquals("[........................] before", shown(written()));
    update(line, 7, "after");
    assertEquals("[########################] after", shown(written()));
  }

  @Test
  void printedTextReplacesTheTerminalLineAndStays() {
    ProgressLine line = new ProgressLine(out, true);
    update(line, 0.25, "in between");
    line.print("epoch 1");
    update(line, 0.5, "on");
    out.flush();
    assertEquals("epoch 1\n[############............] on", shown(written()));
  }

  @Test
  void clearTakesTheTerminalLineAwayAtOnce() {
    ProgressLine line = new ProgressLine(out, true);
    update(line, 0.25, "in between");
    line.clear();
    assertEquals("", shown(written()));
  }

  @Test
  void clearWritesNothingWhereNothingIsShown() {
    ProgressLine fresh = new ProgressLine(out, true);
    fresh.clear();
    fresh.print("done");
    out.flush();
    int size = bytes.size();
    fresh.clear();
    out.flush();
    assertEquals(size, bytes.size());
  }

  @Test
  void elsewhereThereAreOnlyPlainLines() {
    ProgressLine line = new ProgressLine(out, false);
    line.print("epoch 1");
    line.print("epoch 2");
    line.clear();
    out.flush();
    assertEquals("epoch 1%nepoch 2%n".formatted(), written());
  }

  @Test
  void textsAreNotMadeBeforeItIsTimeToShowThem() {
    ProgressLine line = new ProgressLine(out, false);
    for (int i = 0; i < 1000; i++) {
      line.update(
          0.5,
          () -> {
            throw new AssertionError("made");
          });
    }
    assertEquals("", written());
  }

  @Test
  void clockShowsHoursOnlyWhereThereAreAny() {
    assertEquals("00:00", Progress.clock(0.4));
    assertEquals("01:05", Progress.clock(65));
    assertEquals("59:59", Progress.clock(3599));
    assertEquals("1:00:00", Progress.clock(3599.6));
    assertEquals("27:46:40", Progress.clock(100_000));
  }
}
