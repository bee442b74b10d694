package io.gradcast.spark.cli;

import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.exchange.ExchangeKind;

/** What would make a training faster that spent most of its time on its exchange. */
final class Advice {

  private static final double TOO_MUCH = 0.5;

  /** Overhead for arithmetic: a fifth of the time. */
  private static final double GOAL = 1.0 / 4;

  private Advice() {}

  /**
   * Some lines, or none where there is nothing to say. Arithmetic grows with the batch and the
   * exchange does not, which is the model of docs/SCALING.md.
   */
  static String of(TrainingResult result, int batchSize, long samples, ExchangeKind exchange) {
    if (result.overheadShare() <= TOO_MUCH) {
      return "";
    }
    double iterationMillis = result.seconds() * 1e3 / result.iterations();
    double overheadMillis = iterationMillis * result.overheadShare();
    double arithmeticMillis = iterationMillis - overheadMillis;
    double batch = batchSize * overheadMillis / arithmeticMillis / GOAL;
    String larger =
        batch < samples
            ? "batches of %,d would bring that below 20 %%, with fewer updates an epoch"
                .formatted(twoDigits(batch))
            : "the data are too few for so many cores";
    String resident = exchange == ExchangeKind.TREE ? "; --exchange resident costs less" : "";
    return "Advice         of %.1f ms an iteration the exchange took %.1f; %s%s (docs/SCALING.md)%n"
        .formatted(iterationMillis, overheadMillis, larger, resident);
  }

  /** Rounded up to two digits. */
  private static long twoDigits(double value) {
    double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(value)) - 1));
    return Math.round(Math.ceil(value / unit) * unit);
  }
}
