package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * Gradient descent with a velocity (Polyak, "Some methods of speeding up the convergence of
 * iteration methods", 1964, in the form of Sutskever, Martens, Dahl and Hinton, "On the importance
 * of initialization and momentum in deep learning", ICML 2013, without their rate inside the
 * velocity): v = momentum * v + g, w = w - rate * v.
 *
 * @param momentum from 0, below 1
 * @param weightDecay times w is added to g; 0 for none
 */
public record Momentum(double momentum, double weightDecay) implements Optimizer {

  public static final double USUAL = 0.9;

  public Momentum {
    Hyperparameters.requireShare("momentum", momentum);
    Hyperparameters.requireNotNegative("weight-decay", weightDecay);
  }

  /** As it usually is. */
  public Momentum() {
    this(USUAL, 0);
  }

  @Override
  public double usualRate() {
    return 0.1;
  }

  @Override
  public List<String> stateNames() {
    return List.of("velocity");
  }

  @Override
  public Map<String, Object> settings() {
    return Hyperparameters.settings("momentum", "momentum", momentum, "weight-decay", weightDecay);
  }

  @Override
  public void step(Block block) {
    double[] w = block.parameters;
    double[] g = block.gradients;
    double[] v = block.states[0];
    double scale = block.scale(1);
    for (int i = 0; i < block.count; i++) {
      v[i] = momentum * v[i] + (scale * g[i] + weightDecay * w[i]);
      w[i] = w[i] - block.rate * v[i];
    }
  }
}
