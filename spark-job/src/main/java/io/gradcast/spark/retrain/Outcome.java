package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException.Kind;
import java.util.Locale;

/** How a run ended. */
public enum Outcome {
  /** The challenger is champion. */
  PROMOTED(0),
  /** A rule of the gate speaks against the challenger; the champion stays. */
  KEPT(0),
  /** The same, where there is no champion. */
  GATE_FAILED(Kind.GATE.exitCode()),
  /** The data cannot be read, or have too many bad records. */
  BAD_DATA(Kind.DATA.exitCode()),
  /** The data are too unlike those before. */
  DRIFTED(Kind.DATA.exitCode()),
  DIVERGED(Kind.DIVERGED.exitCode()),
  /** Time was over before there was a model. */
  OUT_OF_TIME(Kind.BUDGET.exitCode()),
  /** Anything else went wrong. */
  FAILED(1),
  /** A person made an earlier version the champion again. */
  ROLLED_BACK(0);

  private final int exitCode;

  Outcome(int exitCode) {
    this.exitCode = exitCode;
  }

  /** What the command exits with, where nothing else is wanted. */
  public int exitCode() {
    return exitCode;
  }

  /** As it stands in tables. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The one of a text.
   *
   * @throws IllegalArgumentException where there is none
   */
  static Outcome of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Whether a model was made and looked at, so that the same data need no other run. */
  boolean isFinished() {
    return this == PROMOTED || this == KEPT || this == GATE_FAILED;
  }

  /** Whether the store has a champion that was looked at tonight. */
  public boolean isSuccess() {
    return this == PROMOTED || this == KEPT;
  }

  /** How a run ends that fails with an exception of ours. */
  static Outcome of(Kind kind) {
    return switch (kind) {
      case DATA -> BAD_DATA;
      case DIVERGED -> DIVERGED;
      case BUDGET -> OUT_OF_TIME;
      case GATE -> GATE_FAILED;
      default -> FAILED;
    };
  }
}
