package io.gradcast.engine.train;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.optim.Optimizer;
import io.gradcast.engine.optim.Sgd;
import io.gradcast.engine.tensor.GradientSum;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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
  private final Optimizer optimizer;
  private final GradientSum sum = new GradientSum();

  private long nanos;
  private long busyNanos;

  /**
   * @param evaluator gives the evaluation of parameters on the test data; its time does not count
   */
  public TrainingLoop(
      Network network,
      TrainingConfig config,
      Exchange exchange,
      Function<float[], Evaluation> evaluator,
      TrainingListener listener) {
    this.network = network;
    this.config = config;
    this.exchange = exchange;
    this.evaluator = evaluator;
    this.listener = listener;
    optimizer = new Sgd(config.learningRate());
  }

  /** Trains from the initial parameters of the seed. */
  public TrainingResult run() {
    float[] parameters = network.initialParameters(config.seed());
    List<EpochMetrics> epochs = new ArrayList<>();
    long samples = exchange.sampleCount();
    for (int epoch = 0; epoch < config.epochs(); epoch++) {
      long before = nanos;
      double loss = runEpoch(epoch, parameters);
      double seconds = (nanos - before) * 1e-9;
      Evaluation test = evaluator.apply(parameters);
      EpochMetrics metrics = new EpochMetrics(epoch + 1, loss, test, seconds, samples / seconds);
      epochs.add(metrics);
      listener.epochEnded(metrics);
    }
    double seconds = nanos * 1e-9;
    return new TrainingResult(
        parameters,
        List.copyOf(epochs),
        (long) config.epochs() * config.iterations(samples),
        seconds,
        samples * config.epochs() / seconds,
        Math.max(0, 1 - (double) busyNanos / nanos / exchange.parallelism()));
  }

  /** Runs one epoch and returns its mean loss. */
  private double runEpoch(int epoch, float[] parameters) {
    long samples = exchange.sampleCount();
    int iterations = config.iterations(samples);
    double loss = 0;
    for (int minibatch = 0; minibatch < iterations; minibatch++) {
      long start = System.nanoTime();
      sum.clear();
      exchange.gradient(epoch, minibatch, parameters, sum);
      requireWhole(epoch, minibatch, samples);
      optimizer.step(parameters, sum);
      nanos += System.nanoTime() - start;
      busyNanos += sum.busyNanos();
      double batchLoss = FixedPoint.toDouble(sum.loss());
      loss += batchLoss;
      listener.iterationEnded(epoch + 1, minibatch + 1, batchLoss / sum.samples());
    }
    return loss / samples;
  }

  private void requireWhole(int epoch, int minibatch, long samples) {
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
