package io.gradcast.spark.cli;

import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;

/** Tells on standard error how training goes. */
final class Progress implements TrainingListener {

  private final ProgressLine line;
  private final TrainingConfig config;
  private final long samples;
  private final int iterations;
  private final String watched;
  private final long start = System.nanoTime();

  /** That was said last. */
  private double learningRate;

  /** What was done before this run. */
  private final double earlierShare;

  /**
   * @param watched which data are measured on, in a word
   */
  Progress(
      ProgressLine line, TrainingConfig config, long samples, String watched, CheckpointPlan plan) {
    this.line = line;
    this.watched = watched;
    learningRate = config.learningRate();
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
  public void measured(Measurement measurement) {
    line.print(
        "%s  train loss %.4f  %s error %.2f %%%s  %,.0f samples/s"
            .formatted(
                place(measurement),
                measurement.trainLoss(),
                watched,
                100 * measurement.evaluation().error(),
                changedRate(measurement.learningRate()),
                measurement.samplesPerSecond()));
  }

  private String place(Measurement measurement) {
    long iteration = measurement.iteration() % iterations;
    String epoch = "epoch %d/%d".formatted(measurement.epoch(), config.epochs());
    return iteration == 0 ? epoch : epoch + "  batch %d/%d".formatted(iteration, iterations);
  }

  private String changedRate(double rate) {
    if (rate == learningRate) {
      return "";
    }
    learningRate = rate;
    return "  rate %.3g".formatted(rate);
  }

  /** Minutes and seconds, with hours in front where there are any. */
  static String clock(double seconds) {
    long whole = Math.round(seconds);
    String minutes = "%02d:%02d".formatted(whole / 60 % 60, whole % 60);
    return whole < 3600 ? minutes : whole / 3600 + ":" + minutes;
  }
}
