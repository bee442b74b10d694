package io.gradcast.engine.train;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.eval.EpochMetrics;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.Sgd;
import io.gradcast.engine.optim.Updater;
import io.gradcast.engine.tensor.GradientSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * The one training loop: epochs of iterations, each a gradient sum from an {@link Exchange} and an
 * update of the parameters. Its result is a function of the network, the configuration and the
 * data.
 */
public final class TrainingLoop {

  private final Network network;
  private final TrainingConfig config;
  private final Exchange exchange;
  private final Function<float[], Evaluation> evaluator;
  private final TrainingListener listener;
  private final long samples;

  private final CheckpointPlan plan;
  private final int minibatches;

  private final float[] parameters;
  private final Updater updater;
  private final Gang gang;
  private final IntConsumer updatePart;
  private final List<EpochMetrics> epochs;
  private int minibatch;
  private double epochLoss;
  private long nanos;
  private long epochNanos;
  private long busyNanos;

  /**
   * @param evaluator gives the evaluation of parameters on the test data; its time does not count
   * @param plan what it starts from must not be beyond the last epoch, and of the same training
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
    TrainingState start =
        plan.from().orElseGet(() -> TrainingState.start(network.initialParameters(config.seed())));
    parameters = start.parameters().clone();
    int threads = Runtime.getRuntime().availableProcessors();
    updater = new Updater(new Sgd(), Clipping.NONE, parameters, Map.of(), threads);
    gang = new Gang(updater.parts());
    updatePart = updater::update;
    epochs = new ArrayList<>(start.epochs());
    minibatch = start.minibatch();
    epochLoss = start.epochLoss();
    nanos = start.nanos();
    epochNanos = start.epochNanos();
    busyNanos = start.busyNanos();
  }

  /** Trains from where the plan says to the end of the last epoch. */
  public TrainingResult run() {
    try (gang) {
      train();
    }
    double seconds = nanos * 1e-9;
    return new TrainingResult(
        parameters,
        List.copyOf(epochs),
        iterations(),
        seconds,
        samples * config.epochs() / seconds,
        Math.max(0, 1 - (double) busyNanos / nanos / exchange.parallelism()));
  }

  private void train() {
    while (epochs.size() < config.epochs()) {
      runTo((int) Math.min(minibatches, minibatch + plan.every() - iterations() % plan.every()));
      if (minibatch == minibatches) {
        endEpoch();
      }
      if (iterations() % plan.every() == 0 || epochs.size() == config.epochs()) {
        plan.keeper().accept(state());
      }
    }
  }

  /** Minibatches done since the training began. */
  private long iterations() {
    return (long) epochs.size() * minibatches + minibatch;
  }

  private TrainingState state() {
    return new TrainingState(
        epochs, minibatch, parameters.clone(), epochLoss, nanos, epochNanos, busyNanos);
  }

  /** Does the minibatches of the present epoch up to one of them. */
  private void runTo(int end) {
    long start = System.nanoTime();
    exchange.run(epochs.size(), minibatch, end, parameters, this::update);
    long spent = System.nanoTime() - start;
    nanos += spent;
    epochNanos += spent;
    if (minibatch != end) {
      throw new IllegalStateException(
          "epoch %d: expected to be at minibatch %d, found %d"
              .formatted(epochs.size(), end, minibatch));
    }
  }

  private void endEpoch() {
    double seconds = epochNanos * 1e-9;
    Evaluation test = evaluator.apply(parameters);
    EpochMetrics metrics =
        new EpochMetrics(epochs.size() + 1, epochLoss / samples, test, seconds, samples / seconds);
    epochs.add(metrics);
    minibatch = 0;
    epochLoss = 0;
    epochNanos = 0;
    listener.epochEnded(metrics);
  }

  private void update(GradientSum sum) {
    requireWhole(sum);
    updater.begin(sum, config.learningRate(), iterations() + 1);
    gang.run(updatePart);
    double loss = FixedPoint.toDouble(sum.loss());
    epochLoss += loss;
    busyNanos += sum.busyNanos();
    minibatch++;
    listener.iterationEnded(epochs.size() + 1, minibatch, loss / sum.samples(), sum.busyNanos());
  }

  private void requireWhole(GradientSum sum) {
    if (sum.diverged()) {
      throw new GradcastException(
          GradcastException.Kind.DIVERGED,
          ("training diverged at epoch %d, iteration %d, layer %s: expected gradients of at most"
                  + " %s in magnitude, found a larger one or none; try a smaller learning rate")
              .formatted(
                  epochs.size() + 1,
                  minibatch + 1,
                  network.layerName(sum.divergedLayer()),
                  FixedPoint.limit(config.batchSize())));
    }
    long first = (long) minibatch * config.batchSize();
    long expected = Math.min(config.batchSize(), samples - first);
    if (sum.samples() != expected) {
      throw new IllegalStateException(
          "minibatch %d of epoch %d: expected the gradients of %d samples, found %d"
              .formatted(minibatch, epochs.size(), expected, sum.samples()));
    }
  }
}
