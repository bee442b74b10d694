package io.gradcast.engine.optim;

import io.gradcast.engine.kernel.FixedPoint;

/**
 * Some neighbouring parameters in the course of one update, as doubles. Small enough to stay in a
 * processor's first cache: converting a block at a time and then computing on doubles alone is
 * three to four times as fast as doing both in one loop, since JDK 17 has a conversion wait for the
 * one before it.
 */
final class Block {

  /** Parameters of a block. */
  static final int SIZE = 512;

  final double[] parameters = new double[SIZE];

  /** Sums over the minibatch, in steps of the grid; {@link #scale} makes means of them. */
  final double[] gradients = new double[SIZE];

  /** By the number of the state, then as the parameters. */
  final double[][] states;

  /** How many parameters there are; what is behind them has no meaning. */
  int count;

  /** Learning rate. */
  double rate;

  /** Of this update, from 1. */
  long iteration;

  private int samples;
  private double shrink;

  Block(int states) {
    this.states = new double[states][SIZE];
  }

  /**
   * Turns to an update.
   *
   * @param newShrink factor of all gradients, 1 where they are not clipped
   */
  void begin(double newRate, long newIteration, int newSamples, double newShrink) {
    rate = newRate;
    iteration = newIteration;
    samples = newSamples;
    shrink = newShrink;
  }

  /** What a gradient is to be multiplied by to be a factor of its mean. */
  double scale(double factor) {
    return factor * FixedPoint.STEP / samples * shrink;
  }

  /** Fetches parameters, gradients and states from an index on, the gradients within a limit. */
  void load(
      float[] allParameters, long[] allGradients, float[][] allStates, int from, double limit) {
    load(allParameters, from, parameters);
    for (int i = 0; i < count; i++) {
      gradients[i] = allGradients[from + i];
    }
    if (limit < Double.POSITIVE_INFINITY) {
      for (int i = 0; i < count; i++) {
        gradients[i] = Math.max(-limit, Math.min(limit, gradients[i]));
      }
    }
    for (int state = 0; state < states.length; state++) {
      load(allStates[state], from, states[state]);
    }
  }

  private void load(float[] all, int from, double[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = all[from + i];
    }
  }

  /** Puts parameters and states back. */
  void store(float[] allParameters, float[][] allStates, int from) {
    store(parameters, allParameters, from);
    for (int state = 0; state < states.length; state++) {
      store(states[state], allStates[state], from);
    }
  }

  private void store(double[] values, float[] all, int from) {
    for (int i = 0; i < count; i++) {
      all[from + i] = (float) values[i];
    }
  }
}
