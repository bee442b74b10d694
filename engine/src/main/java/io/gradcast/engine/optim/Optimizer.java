package io.gradcast.engine.optim;

import io.gradcast.engine.tensor.GradientSum;

/**
 * Turns the gradient of a minibatch into new parameters, on the driver alone, by double arithmetic
 * in a fixed order.
 */
public sealed interface Optimizer permits Sgd {

  /**
   * Updates the parameters in place.
   *
   * @param sum the exact gradient sum of a whole minibatch, of at least one sample
   */
  void step(float[] parameters, GradientSum sum);
}
