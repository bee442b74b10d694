package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * Adam (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1), in
 * update t: m = beta1 * m + (1 - beta1) * g, v = beta2 * v + (1 - beta2) * g^2, w = w - rate * (m /
 * (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
 *
 * @param beta1 from 0, below 1
 * @param beta2 from 0, below 1
 * @param epsilon above 0
 * @param weightDecay times w is added to g; 0 for none
 */
public record Adam(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {

  public static final double BETA1 = 0.9;
  public static final double BETA2 = 0.999;
  public static final double EPSILON = 1e-8;

  public Adam {
    Hyperparameters.requireShare("beta1", beta1);
    Hyperparameters.requireShare("beta2", beta2);
    Hyperparameters.requirePositive("epsilon", epsilon);
    Hyperparameters.requireNotNegative("weight-decay", weightDecay);
  }

  /** As in the paper. */
  public Adam() {
    this(BETA1, BETA2, EPSILON, 0);
  }

  @Override
  public double usualRate() {
    return 0.001;
  }

  @Override
  public List<String> stateNames() {
    return List.of("first-moment", "second-moment");
  }

  @Override
  public Map<String, Object> settings() {
    return Hyperparameters.settings(
        "adam", "beta1", beta1, "beta2", beta2, "epsilon", epsilon, "weight-decay", weightDecay);
  }

  @Override
  public void step(Block block) {
    step(block, beta1, beta2, epsilon, weightDecay);
  }

  /** The update, which {@link AdamW} has as well, with no decay in it. */
  static void step(Block block, double beta1, double beta2, double epsilon, double weightDecay) {
    double[] w = block.parameters;
    double[] g = block.gradients;
    double[] m = block.states[0];
    double[] v = block.states[1];
    double scale = block.scale(1);
    double rate = block.rate / (1 - Hyperparameters.power(beta1, block.iteration));
    double root = Math.sqrt(1 - Hyperparameters.power(beta2, block.iteration));
    for (int i = 0; i < block.count; i++) {
      double gradient = scale * g[i] + weightDecay * w[i];
      m[i] = beta1 * m[i] + (1 - beta1) * gradient;
      v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient;
      w[i] = w[i] - rate * m[i] / (Math.sqrt(v[i]) / root + epsilon);
    }
  }
}
