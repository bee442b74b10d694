package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * The rate is multiplied by a factor in the course of each epoch, a little in every iteration.
 *
 * @param decay above 0; below 1 the rate falls
 */
public record ExponentialDecay(double decay) implements Schedule {

  public ExponentialDecay {
    Hyperparameters.requirePositive("decay", decay);
  }

  @Override
  public double factor(long iteration, long iterations, int minibatches, List<Double> monitored) {
    return StrictMath.pow(decay, (double) iteration / minibatches);
  }

  @Override
  public Map<String, Object> settings() {
    return Hyperparameters.named("schedule", "exponential", "decay", decay);
  }
}
