package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * {@link Adam} with decoupled weight decay (Loshchilov and Hutter, "Decoupled weight decay
 * regularization", ICLR 2019, algorithm 2): w = w - rate * weightDecay * w beside the update of
 * Adam, whose moments know nothing of the decay.
 *
 * @param beta1 from 0, below 1
 * @param beta2 from 0, below 1
 * @param epsilon above 0
 * @param weightDecay times rate and w is taken from w; from 0
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {

  public static final double DECAY = 0.01;

  public AdamW {
    Hyperparameters.requireShare("beta1", beta1);
    Hyperparameters.requireShare("beta2", beta2);
    Hyperparameters.requirePositive("epsilon", epsilon);
    Hyperparameters.requireNotNegative("weight-decay", weightDecay);
  }

  /** As it usually is. */
  public AdamW() {
    this(Adam.BETA1, Adam.BETA2, Adam.EPSILON, DECAY);
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
        "adamw", "beta1", beta1, "beta2", beta2, "epsilon", epsilon, "weight-decay", weightDecay);
  }

  @Override
  public void step(Block block) {
    double[] w = block.parameters;
    double keep = 1 - block.rate * weightDecay;
    for (int i = 0; i < block.count; i++) {
      w[i] = keep * w[i];
    }
    Adam.step(block, beta1, beta2, epsilon, 0);
  }
}
