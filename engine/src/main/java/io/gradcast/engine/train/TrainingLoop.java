package io.gradcast.engine.train;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.optim.Updater;
import io.gradcast.engine.tensor.GradientSum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * The one training loop: epochs of iterations, each a gradient sum from an {@link Exchange} and an
 * update of the parameters, with measurements between them. Its result is a function of the
 * network, the configuration and the data.
 */
public final class TrainingLoop {

  private final Network network;
  private final TrainingConfig config;
  private final Exchange exchange;
  private final Function<float[], Evaluation> evaluator;
  private final TrainingListener listener;
  private final CheckpointPlan plan;
  private final Updater updater;
  private final Gang gang;
  private final IntConsumer updatePart;
  private final long samples;
  private final int minibatches;
  private final long lastIteration;
  private final long measureEvery;

  private final float[] parameters;
  private final Map<String, float[]> mirrors;
  private final List<Measurement> measurements;

  /** Of the measurements, what is monitored; the lower, the better. */
  private final List<Double> monitored = new ArrayList<>();

  private int epoch;
  private int minibatch;
  private double lossSum;
  private long right;
  private long nanos;
  private long sinceNanos;
  private long busyNanos;
  private boolean outOfTime;

  /** Ends a range of minibatches, thrown by an update that is done. */
  private static final class TimeIsUp extends RuntimeException {

    private static final long serialVersionUID = 1;

    TimeIsUp() {
      super("time is up", null, false, false);
    }
  }

  /**
   * @param evaluator gives the evaluation of parameters on the data that are watched; its time does
   *     not count
   * @param plan what it starts from must not be beyond the last epoch, and of the same training; a
   *     warm start has its parameters from there
   */
  public TrainingLoop(
      Network network,
      TrainingConfig config,
      Exchange exchange,
      Function<float[], Evaluation> evaluator,
      TrainingListener listener,
      CheckpointPlan plan) {
    this.network = network;
    this.config = config;
    this.exchange = exchange;
    this.evaluator = evaluator;
    this.listener = listener;
    this.plan = plan;
    samples = exchange.sampleCount();
    minibatches = config.iterations(samples);
    lastIteration = (long) config.epochs() * minibatches;
    measureEvery = config.watch().every().iterations(minibatches);
    TrainingState start = plan.from().orElseGet(this::start);
    start.requireMirrors(config.optimizer(), config.watch().keepsBest());
    parameters = start.parameters().clone();
    mirrors = copy(start.mirrors());
    measurements = new ArrayList<>(start.measurements());
    measurements.forEach(it -> monitored.add(config.watch().monitor().value(it.evaluation())));
    epoch = start.epoch();
    minibatch = start.minibatch();
    lossSum = start.lossSum();
    right = start.right();
    nanos = start.nanos();
    sinceNanos = start.sinceNanos();
    busyNanos = start.busyNanos();
    int threads = Runtime.getRuntime().availableProcessors();
    updater = new Updater(config.optimizer(), config.clipping(), parameters, mirrors, threads);
    gang = new Gang(updater.parts());
    updatePart = updater::update;
  }

  private TrainingState start() {
    if (config.warmStart().isPresent()) {
      throw new IllegalStateException("warm start: expected a state to start from, found none");
    }
    float[] initial = network.initialParameters(config.seed());
    return TrainingState.start(network, config.optimizer(), initial, "initial parameters");
  }

  private static Map<String, float[]> copy(Map<String, float[]> arrays) {
    Map<String, float[]> copy = new LinkedHashMap<>();
    arrays.forEach((name, values) -> copy.put(name, values.clone()));
    return copy;
  }

  /** Trains from where the plan says to the end, which is the last epoch's or comes early. */
  public TrainingResult run() {
    try (gang) {
      while (!isOver()) {
        runTo(nextStop());
        if (iterations() % measureEvery == 0) {
          measure();
        }
        outOfTime = !isComplete() && plan.timeIsUp().getAsBoolean();
        if (iterations() % plan.every() == 0 || isOver()) {
          plan.keeper().accept(state());
        }
      }
    }
    // Behind the last state: where a longer training goes on from it, this is no measurement.
    if (lastMeasured() < iterations()) {
      measure();
    }
    return result();
  }

  private boolean isOver() {
    return outOfTime || isComplete();
  }

  private boolean isComplete() {
    return iterations() == lastIteration || config.watch().stops(monitored);
  }

  /** Updates made since the training began. */
  private long iterations() {
    return (long) epoch * minibatches + minibatch;
  }

  /** The minibatch of this epoch before which something else is to be done. */
  private int nextStop() {
    long done = iterations();
    long toMeasurement = measureEvery - done % measureEvery;
    long toState = plan.every() - done % plan.every();
    return (int) Math.min(minibatches, minibatch + Math.min(toMeasurement, toState));
  }

  /** Does the minibatches of the present epoch up to one of them, as far as time allows. */
  private void runTo(int end) {
    long start = System.nanoTime();
    try {
      exchange.run(epoch, minibatch, end, parameters, this::update);
      if (minibatch != end) {
        throw new IllegalStateException(
            "epoch %d: expected to be at minibatch %d, found %d".formatted(epoch, end, minibatch));
      }
    } catch (TimeIsUp e) {
      // The update that threw it is whole: all is as at the end of a range.
    }
    long spent = System.nanoTime() - start;
    nanos += spent;
    sinceNanos += spent;
    if (minibatch == minibatches) {
      minibatch = 0;
      epoch++;
    }
  }

  private void update(GradientSum sum) {
    requireWhole(sum);
    updater.begin(sum, rate(iterations()), iterations() + 1);
    gang.run(updatePart);
    updater.end();
    double loss = FixedPoint.toDouble(sum.loss());
    lossSum += loss;
    right += sum.right();
    busyNanos += sum.busyNanos();
    minibatch++;
    listener.iterationEnded(epoch + 1, minibatch, loss / sum.samples(), sum.busyNanos());
    if (plan.timeIsUp().getAsBoolean()) {
      throw new TimeIsUp();
    }
  }

  /** The learning rate of an iteration, from 0, as long as nothing was measured behind it. */
  private double rate(long iteration) {
    return config.learningRate()
        * config.schedule().factor(iteration, lastIteration, minibatches, monitored);
  }

  private void measure() {
    long done = iterations();
    double seconds = sinceNanos * 1e-9;
    long count = samples(done) - samples(lastMeasured());
    Measurement measurement =
        new Measurement(
            (int) ((done - 1) / minibatches) + 1,
            done,
            lossSum / count,
            (double) right / count,
            rate(done - 1),
            evaluator.apply(parameters),
            seconds,
            count / seconds);
    measurements.add(measurement);
    monitored.add(config.watch().monitor().value(measurement.evaluation()));
    if (config.watch().keepsBest() && Watch.best(monitored) == monitored.size() - 1) {
      float[] best =
          mirrors.computeIfAbsent(TrainingState.BEST, name -> new float[parameters.length]);
      System.arraycopy(parameters, 0, best, 0, best.length);
    }
    lossSum = 0;
    right = 0;
    sinceNanos = 0;
    listener.measured(measurement);
  }

  /** Updates that the last measurement had behind it. */
  private long lastMeasured() {
    return measurements.isEmpty() ? 0 : measurements.get(measurements.size() - 1).iteration();
  }

  /** Samples gone through in the first so many iterations. */
  private long samples(long iterations) {
    long inEpoch = Math.min(iterations % minibatches * config.batchSize(), samples);
    return iterations / minibatches * samples + inEpoch;
  }

  private TrainingState state() {
    return new TrainingState(
        measurements,
        epoch,
        minibatch,
        parameters.clone(),
        copy(mirrors),
        lossSum,
        right,
        nanos,
        sinceNanos,
        busyNanos);
  }

  private TrainingResult result() {
    boolean best = config.watch().keepsBest();
    double seconds = nanos * 1e-9;
    return new TrainingResult(
        best ? mirrors.get(TrainingState.BEST) : parameters,
        List.copyOf(measurements),
        measurements.get(best ? Watch.best(monitored) : measurements.size() - 1),
        !outOfTime && iterations() < lastIteration,
        outOfTime,
        iterations(),
        seconds,
        samples(iterations()) / seconds,
        Math.max(0, 1 - (double) busyNanos / nanos / exchange.parallelism()));
  }

  private void requireWhole(GradientSum sum) {
    if (sum.diverged()) {
      throw new GradcastException(
          GradcastException.Kind.DIVERGED,
          ("training diverged at epoch %d, iteration %d, layer %s: expected gradients of at most"
                  + " %s in magnitude, found a larger one or none; try a smaller learning rate")
              .formatted(
                  epoch + 1,
                  minibatch + 1,
                  network.layerName(sum.divergedLayer()),
                  FixedPoint.limit(config.batchSize())));
    }
    long first = (long) minibatch * config.batchSize();
    long expected = Math.min(config.batchSize(), samples - first);
    if (sum.samples() != expected) {
      throw new IllegalStateException(
          "minibatch %d of epoch %d: expected the gradients of %d samples, found %d"
              .formatted(minibatch, epoch, expected, sum.samples()));
    }
  }
}
