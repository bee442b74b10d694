package io.gradcast.spark.cli;

import io.gradcast.engine.eval.EpochMetrics;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;

/** Tells on standard error how training goes. */
final class Progress implements TrainingListener {

  private final ProgressLine line;
  private final TrainingConfig config;
  private final long samples;
  private final int iterations;
  private final long start = System.nanoTime();

  /** What was done before this run. */
  private final double earlierShare;

  Progress(ProgressLine line, TrainingConfig config, long samples, CheckpointPlan plan) {
    this.line = line;
    this.config = config;
    this.samples = samples;
    iterations = config.iterations(samples);
    earlierShare =
        plan.from().map(state -> share(state.epoch() + 1, state.minibatch())).orElse(0.0);
  }

  @Override
  public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
    double share = share(epoch, iteration);
    line.update(
        share,
        () -> {
          double seconds = (System.nanoTime() - start) * 1e-9;
          return "epoch %d/%d  batch %d/%d  loss %.4f  %,.0f samples/s  %s left"
              .formatted(
                  epoch,
                  config.epochs(),
                  iteration,
                  iterations,
                  loss,
                  (share - earlierShare) * samples * config.epochs() / seconds,
                  clock(seconds * (1 - share) / (share - earlierShare)));
        });
  }

  /** What part of the whole training is done after an iteration. */
  private double share(int epoch, int iteration) {
    double done = Math.min((double) iteration * config.batchSize(), (double) samples);
    return (epoch - 1 + done / samples) / config.epochs();
  }

  @Override
  public void epochEnded(EpochMetrics metrics) {
    line.print(
        "epoch %d/%d  train loss %.4f  test error %.2f %%  %,.0f samples/s"
            .formatted(
                metrics.epoch(),
                config.epochs(),
                metrics.trainLoss(),
                100 * metrics.test().error(),
                metrics.samplesPerSecond()));
  }

  /** Minutes and seconds, with hours in front where there are any. */
  static String clock(double seconds) {
    long whole = Math.round(seconds);
    String minutes = "%02d:%02d".formatted(whole / 60 % 60, whole % 60);
    return whole < 3600 ? minutes : whole / 3600 + ":" + minutes;
  }
}
