package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * How parameters follow from their gradients: hyperparameters and one rule, for each parameter by
 * itself. All parameters are treated alike, biases too. Update rules are those of PyTorch's
 * optimizers of the same names.
 */
public sealed interface Optimizer permits Sgd, Momentum, Nesterov, Adam, AdamW {

  /** Names of what it remembers of each parameter; zero at the start of a training. */
  List<String> stateNames();

  /** Its name and hyperparameters by the keys of their settings. */
  Map<String, Object> settings();

  /** Updates the parameters and states of a block, in double arithmetic. */
  void step(Block block);
}
