package io.gradcast.engine.train;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.eval.EpochMetrics;
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
  private final long samples;

  private int epoch;
  private int minibatch;
  private double epochLoss;
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
    samples = exchange.sampleCount();
  }

  /** Trains from the initial parameters of the seed. */
  public TrainingResult run() {
    float[] parameters = network.initialParameters(config.seed());
    List<EpochMetrics> epochs = new ArrayList<>();
    for (int e = 0; e < config.epochs(); e++) {
      long before = nanos;
      double loss = runEpoch(e, parameters);
      double seconds = (nanos - before) * 1e-9;
      Evaluation test = evaluator.apply(parameters);
      EpochMetrics metrics = new EpochMetrics(e + 1, loss, test, seconds, samples / seconds);
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
  private double runEpoch(int newEpoch, float[] parameters) {
    epoch = newEpoch;
    minibatch = 0;
    epochLoss = 0;
    int iterations = config.iterations(samples);
    long start = System.nanoTime();
    exchange.run(epoch, 0, iterations, parameters, sum -> update(parameters, sum));
    nanos += System.nanoTime() - start;
    if (minibatch != iterations) {
      throw new IllegalStateException(
          "epoch %d: expected %d minibatches, found %d".formatted(epoch, iterations, minibatch));
    }
    return epochLoss / samples;
  }

  private void update(float[] parameters, GradientSum sum) {
    requireWhole(sum);
    optimizer.step(parameters, sum);
    double loss = FixedPoint.toDouble(sum.loss());
    epochLoss += loss;
    busyNanos += sum.busyNanos();
    minibatch++;
    listener.iterationEnded(epoch + 1, minibatch, loss / sum.samples(), sum.busyNanos());
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
