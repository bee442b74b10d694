package io.gradcast.engine.train;

import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.tensor.GradientSum;
import java.util.function.Consumer;

/**
 * Trains in one JVM, on any number of threads with the same result: the reference that every
 * distributed training must equal, byte for byte.
 */
public final class LocalTrainer implements AutoCloseable {

  private final Network network;
  private final TrainingConfig config;
  private final Samples train;
  private final Samples watched;
  private final Samples test;
  private final NetworkGang gang;

  /**
   * Watches the test data, or what the configuration holds out of the training data.
   *
   * @param train with ids 0 to count - 1
   * @param threads from 1
   */
  public LocalTrainer(
      Network network, TrainingConfig config, Samples train, Samples test, int threads) {
    this(
        network,
        config,
        config.validation() > 0 ? config.split(train.count()).training(train) : train,
        config.validation() > 0 ? config.split(train.count()).validation(train) : test,
        test,
        threads);
  }

  /**
   * Watches data that are given.
   *
   * @param train with ids 0 to count - 1, all of which are trained on
   * @param watched what measurements are made on
   * @param threads from 1
   */
  public LocalTrainer(
      Network network,
      TrainingConfig config,
      Samples train,
      Samples watched,
      Samples test,
      int threads) {
    train.requireFit(network.takes(), "training data");
    watched.requireFit(network.takes(), "validation data");
    test.requireFit(network.takes(), "test data");
    this.network = network;
    this.config = config;
    this.train = train;
    this.watched = watched;
    this.test = test;
    gang = new NetworkGang(network, threads);
  }

  /** Trains from the initial parameters of the seed. */
  public TrainingResult train(TrainingListener listener) {
    return train(listener, CheckpointPlan.NONE);
  }

  /** Trains from where the plan says, and gives it the states that it wants. */
  public TrainingResult train(TrainingListener listener, CheckpointPlan plan) {
    return new TrainingLoop(
            network,
            config,
            new InMemory(),
            parameters -> gang.evaluate(watched, parameters),
            listener,
            plan)
        .run();
  }

  /** Evaluates parameters on the test data. */
  public Evaluation evaluate(float[] parameters) {
    return gang.evaluate(test, parameters);
  }

  @Override
  public void close() {
    gang.close();
  }

  /** The exchange of one JVM. */
  private final class InMemory implements Exchange {

    private final EpochRows rows =
        new EpochRows(train, config.seed(), train.count(), config.batchSize());
    private final Recipe recipe = config.recipe();
    private final GradientSum sum = new GradientSum();

    @Override
    public long sampleCount() {
      return train.count();
    }

    @Override
    public int parallelism() {
      return gang.size();
    }

    @Override
    public void run(
        int epoch, int first, int end, float[] parameters, Consumer<GradientSum> update) {
      rows.begin(epoch);
      for (int minibatch = first; minibatch < end; minibatch++) {
        sum.clear();
        gang.gradient(
            train,
            rows.rows(),
            rows.start(minibatch),
            rows.start(minibatch + 1),
            parameters,
            recipe,
            epoch,
            sum);
        update.accept(sum);
      }
    }
  }
}
