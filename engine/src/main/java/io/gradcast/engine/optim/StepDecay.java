package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * The rate is multiplied by a factor after every so many epochs (as by Krizhevsky, Sutskever and
 * Hinton, "ImageNet classification with deep convolutional neural networks", NIPS 2012).
 *
 * @param decay above 0; below 1 the rate falls
 * @param epochs from 1
 */
public record StepDecay(double decay, int epochs) implements Schedule {

  public StepDecay {
    Hyperparameters.requirePositive("decay", decay);
    Hyperparameters.requireFrom1("decay-after", epochs);
  }

  @Override
  public double factor(long iteration, long iterations, int minibatches, List<Double> monitored) {
    return Hyperparameters.power(decay, iteration / minibatches / epochs);
  }

  @Override
  public Map<String, Object> settings() {
    return Hyperparameters.named("schedule", "step", "decay", decay, "decay-after", (long) epochs);
  }
}
