package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * Nesterov's accelerated gradient (1983, in the form of Sutskever, Martens, Dahl and Hinton, "On
 * the importance of initialization and momentum in deep learning", ICML 2013, with the parameters
 * where the next gradient is taken): v = momentum * v + g, w = w - rate * (g + momentum * v).
 *
 * @param momentum above 0, below 1
 * @param weightDecay times w is added to g; 0 for none
 */
public record Nesterov(double momentum, double weightDecay) implements Optimizer {

  public Nesterov {
    Hyperparameters.requireShare("momentum", momentum);
    Hyperparameters.requireNotNegative("weight-decay", weightDecay);
  }

  /** As it usually is. */
  public Nesterov() {
    this(Momentum.USUAL, 0);
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
    return Hyperparameters.settings("nesterov", "momentum", momentum, "weight-decay", weightDecay);
  }

  @Override
  public void step(Block block) {
    double[] w = block.parameters;
    double[] g = block.gradients;
    double[] v = block.states[0];
    double scale = block.scale(1);
    for (int i = 0; i < block.count; i++) {
      double gradient = scale * g[i] + weightDecay * w[i];
      v[i] = momentum * v[i] + gradient;
      w[i] = w[i] - block.rate * (gradient + momentum * v[i]);
    }
  }
}
