package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * The rate falls along half a cosine over the whole training (Loshchilov and Hutter, "SGDR:
 * stochastic gradient descent with warm restarts", ICLR 2017, eq. 5, without restarts).
 *
 * @param floor what part of the rate is left at the end, from 0, below 1
 */
public record CosineDecay(double floor) implements Schedule {

  public CosineDecay {
    Hyperparameters.requireShare("decay-floor", floor);
  }

  @Override
  public double factor(long iteration, long iterations, int minibatches, List<Double> monitored) {
    double done = (double) iteration / iterations;
    return floor + (1 - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * done));
  }

  @Override
  public Map<String, Object> settings() {
    return Hyperparameters.named("schedule", "cosine", "decay-floor", floor);
  }

  @Override
  public boolean dependsOnEnd() {
    return true;
  }
}
