package io.gradcast.engine.optim;

import io.gradcast.engine.GradcastException;
import java.util.List;
import java.util.Map;

/**
 * How parameters follow from their gradients: hyperparameters and one rule, for each parameter by
 * itself. All parameters are treated alike, biases too. Update rules are those of PyTorch's
 * optimizers of the same names.
 */
public sealed interface Optimizer permits Sgd, Momentum, Nesterov, Adam, AdamW {

  /** One of them by its name, with its usual hyperparameters. */
  static Optimizer named(String name) {
    return switch (name) {
      case "sgd" -> new Sgd();
      case "momentum" -> new Momentum();
      case "nesterov" -> new Nesterov();
      case "adam" -> new Adam();
      case "adamw" -> new AdamW();
      default ->
          throw GradcastException.usage(
              "optimizer: expected sgd, momentum, nesterov, adam or adamw, found " + name);
    };
  }

  /** The learning rate of a training that says none. */
  double usualRate();

  /** Names of what it remembers of each parameter; zero at the start of a training. */
  List<String> stateNames();

  /** Its name and hyperparameters by the keys of their settings. */
  Map<String, Object> settings();

  /** Updates the parameters and states of a block, in double arithmetic. */
  void step(Block block);
}
