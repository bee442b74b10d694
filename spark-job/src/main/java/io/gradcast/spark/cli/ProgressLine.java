package io.gradcast.spark.cli;

import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * Shows how long work goes: one line that is rewritten on a terminal, a plain line every few
 * seconds elsewhere. Texts are only made when they are shown.
 */
final class ProgressLine {

  private static final long TERMINAL_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 5_000_000_000L;
  private static final int BAR = 24;

  private final PrintStream out;
  private final boolean terminal;
  private long last;
  private int shown;

  /**
   * Starts with nothing shown.
   *
   * @param terminal whether {@code out} is one
   */
  ProgressLine(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    last = System.nanoTime();
  }

  /** On standard error, where submit.sh has found out whether that is a terminal. */
  static ProgressLine onStandardError() {
    return new ProgressLine(System.err, Boolean.getBoolean("gradcast.terminal"));
  }

  /** Shows the text, if it is time to. */
  void update(double doneShare, Supplier<String> text) {
    long now = System.nanoTime();
    if (now - last < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
      return;
    }
    last = now;
    if (terminal) {
      rewrite(bar(doneShare) + " " + text.get());
    } else {
      out.println(text.get());
    }
  }

  /** Shows a text that stays, on a line of its own. */
  void print(String text) {
    if (terminal) {
      rewrite(text);
      shown = 0;
    } else {
      out.print(text);
    }
    out.println();
  }

  /** Takes away an unfinished line. */
  void clear() {
    if (shown > 0) {
      rewrite("");
      out.print('\r');
    }
  }

  private void rewrite(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
    out.flush();
    shown = line.length();
  }

  private static String bar(double share) {
    int full = (int) Math.round(Math.max(0, Math.min(1, share)) * BAR);
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
  }
}
