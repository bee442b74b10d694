package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent (Zhang 2016, eqs. 65 to 70): w = w - rate * g, where the gradient g
 * of a minibatch is the mean over its samples.
 *
 * @param weightDecay times w is added to g; 0 for none
 */
public record Sgd(double weightDecay) implements Optimizer {

  public Sgd {
    Hyperparameters.requireNotNegative("weight-decay", weightDecay);
  }

  /** Without weight decay, as in the paper. */
  public Sgd() {
    this(0);
  }

  @Override
  public double usualRate() {
    return 1;
  }

  @Override
  public List<String> stateNames() {
    return List.of();
  }

  @Override
  public Map<String, Object> settings() {
    return Hyperparameters.settings("sgd", "weight-decay", weightDecay);
  }

  @Override
  public void step(Block block) {
    double[] w = block.parameters;
    double[] g = block.gradients;
    // Multiplied together first, which without decay leaves one rounding before the difference.
    double scale = block.scale(block.rate);
    double decay = block.rate * weightDecay;
    for (int i = 0; i < block.count; i++) {
      w[i] = w[i] - (scale * g[i] + decay * w[i]);
    }
  }
}
