package io.gradcast.engine;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Something a user can put right: one sentence that says where, what was expected and what was
 * found. The command line prints the sentence alone and exits with the kind's code.
 */
public final class GradcastException extends RuntimeException {

  /**
   * What went wrong, and so the exit code of the command. Code 1 is kept for defects of ours, and
   * the command line has 7 for what fails in Spark.
   */
  public enum Kind {
    /** A flag, a configuration key or a network text. */
    USAGE(2),
    /** Images or labels. */
    DATA(3),
    /** A model file. */
    MODEL(4),
    /** Where results go. */
    OUTPUT(5),
    /** Training left the range of numbers. */
    DIVERGED(6),
    /** Somebody else is at work on the same model store. */
    LOCKED(8),
    /** No model may be published. */
    GATE(9),
    /** Time was over before there was a model. */
    BUDGET(10);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;

  public GradcastException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public GradcastException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /**
   * The first of its kind among an exception and its causes: what is wrapped keeps its sentence.
   */
  public static Optional<GradcastException> in(Throwable e) {
    return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
        .filter(GradcastException.class::isInstance)
        .map(GradcastException.class::cast)
        .findFirst();
  }

  public static GradcastException usage(String message) {
    return new GradcastException(Kind.USAGE, message);
  }

  /** Checks a value that a user gave; the exception names its setting. */
  public static void require(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw usage("%s: expected %s, found %s".formatted(key, expected, found));
    }
  }

  public static GradcastException data(String message) {
    return new GradcastException(Kind.DATA, message);
  }

  public static GradcastException model(String message) {
    return new GradcastException(Kind.MODEL, message);
  }
}
