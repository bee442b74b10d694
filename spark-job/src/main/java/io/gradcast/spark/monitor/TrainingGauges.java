package io.gradcast.spark.monitor;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How the training of this application goes, for Spark's metrics system, which asks when it likes.
 */
public final class TrainingGauges {

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private volatile int epoch;
  private volatile int iteration;
  private volatile double loss = Double.NaN;
  private volatile double accuracy = Double.NaN;
  private volatile double samplesPerSecond = Double.NaN;
  private volatile double overhead = Double.NaN;

  /**
   * Registers the gauges, which have no values yet: {@code epoch} and {@code iteration} within it
   * are 0 then and count from 1, the others are NaN. {@code loss} is of the last minibatch, {@code
   * accuracy} of the last evaluation, {@code samplesPerSecond} and {@code overhead}, the share of
   * threads' time that is not arithmetic, are of the last second or a little more.
   */
  public void register(MetricRegistry registry) {
    gauge(registry, "epoch", () -> epoch);
    gauge(registry, "iteration", () -> iteration);
    gauge(registry, "loss", () -> loss);
    gauge(registry, "accuracy", () -> accuracy);
    gauge(registry, "samplesPerSecond", () -> samplesPerSecond);
    gauge(registry, "overhead", () -> overhead);
  }

  private static void gauge(MetricRegistry registry, String name, Supplier<Number> value) {
    Gauge<Number> gauge = value::get;
    registry.register(name, gauge);
  }

  /**
   * Keeps them up to date during a training.
   *
   * @param samples of an epoch
   * @param parallelism threads that can compute gradients at the same time
   */
  public TrainingListener listener(TrainingConfig config, long samples, int parallelism) {
    return new Listener(config, samples, parallelism);
  }

  private final class Listener implements TrainingListener {

    private final int batchSize;
    private final long samples;
    private final int iterations;
    private final int parallelism;

    // Since the rate was last known.
    private long start = System.nanoTime();
    private long done;
    private long busy;

    Listener(TrainingConfig config, long samples, int parallelism) {
      batchSize = config.batchSize();
      this.samples = samples;
      iterations = config.iterations(samples);
      this.parallelism = parallelism;
    }

    @Override
    public void iterationEnded(int newEpoch, int newIteration, double newLoss, long busyNanos) {
      epoch = newEpoch;
      iteration = newIteration;
      loss = newLoss;
      boolean last = newIteration == iterations;
      done += last ? samples - (iterations - 1L) * batchSize : batchSize;
      busy += busyNanos;
      long nanos = System.nanoTime() - start;
      if (nanos >= WINDOW_NANOS || last) {
        samplesPerSecond = done * 1e9 / nanos;
        overhead = Math.max(0, 1 - (double) busy / nanos / parallelism);
        begin();
      }
    }

    private void begin() {
      start = System.nanoTime();
      done = 0;
      busy = 0;
    }

    @Override
    public void measured(Measurement measurement) {
      accuracy = measurement.evaluation().accuracy();
      begin(); // so that evaluation does not count
    }
  }
}
