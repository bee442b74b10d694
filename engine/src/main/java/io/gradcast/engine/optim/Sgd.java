package io.gradcast.engine.optim;

import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.tensor.GradientSum;

/**
 * Stochastic gradient descent (Zhang 2016, eqs. 65 to 70): w = w - rate * gradient, where the
 * gradient of a minibatch is the mean over its samples.
 *
 * @param rate the paper's alpha, above 0
 */
public record Sgd(double rate) implements Optimizer {

  @Override
  public void step(float[] parameters, GradientSum sum) {
    long[] gradient = sum.gradient(parameters.length);
    double scale = rate * FixedPoint.STEP / sum.samples();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (parameters[i] - scale * gradient[i]);
    }
  }
}
