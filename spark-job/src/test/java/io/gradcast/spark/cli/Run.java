package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One command line, run in this JVM, and what came of it. Spark starts and stops inside the command
 * where that needs it.
 *
 * @param err without progress
 */
record Run(int exitCode, String out, String err) {

  /** Lines that come every few seconds, and so only where a machine is slow. */
  private static final String PROGRESS =
      "(?m)^(\\w+: [\\d,]+ of [\\d,]+ (tasks|images)|epoch .* left)\\R";

  static {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
  }

  static Run of(Object... arguments) {
    PrintStream formerOut = System.out;
    PrintStream formerErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int exitCode =
          Gradcast.run(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
      return new Run(
          exitCode,
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8).replaceAll(PROGRESS, ""));
    } finally {
      System.setOut(formerOut);
      System.setErr(formerErr);
    }
  }

  /** Checks that it did what was asked. */
  Run succeeded() {
    assertEquals(0, exitCode, err);
    return this;
  }

  /** Checks that it failed with one sentence on standard error that has all these pieces. */
  void failedWith(int expectedCode, Object... pieces) {
    assertEquals(1, err.lines().count(), err);
    failedAtTheEndWith(expectedCode, pieces);
  }

  /** The same, where a line an epoch comes before. */
  void failedAtTheEndWith(int expectedCode, Object... pieces) {
    String sentence = err.lines().reduce("", (former, last) -> last);
    long others = err.lines().filter(line -> !line.startsWith("epoch ")).count();
    assertAll(
        () -> assertEquals(expectedCode, exitCode, err),
        () -> assertEquals("", out, "standard output"),
        () -> assertTrue(sentence.startsWith("gradcast: "), err),
        () -> assertEquals(1, others, err),
        () -> assertPieces(sentence, pieces));
  }

  /** Checks that a text has all these pieces. */
  static void assertPieces(String text, Object... pieces) {
    assertAll(
        Arrays.stream(pieces)
            .map(
                piece ->
                    () ->
                        assertTrue(
                            text.contains(piece.toString()),
                            () -> "expected \"" + piece + "\" in: " + text)));
  }
}
