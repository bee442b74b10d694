package io.gradcast.engine.train;

import io.gradcast.engine.data.Holder;
import io.gradcast.engine.data.Minibatch;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.tensor.GradientSum;

/**
 * The gradient sum of samples that several holders have. Few samples of each are brought together,
 * so that they fill whole groups of lanes; many are computed where they are, if that is in memory.
 * Memory is bounded by the number of samples brought together, not by the minibatch.
 */
public final class ShardedGradient {

  /** From so many samples on, a last group that is not full hardly counts. */
  private static final int MANY = 256;

  private final NetworkGang gang;
  private final Recipe recipe;
  private final Minibatch few = new Minibatch();
  private int epoch;
  private float[] parameters;
  private GradientSum sum;

  /**
   * @param recipe of the training
   */
  public ShardedGradient(NetworkGang gang, Recipe recipe) {
    this.gang = gang;
    this.recipe = recipe;
  }

  /**
   * Begins a minibatch, whose gradients are added to a sum by the time it is ended.
   *
   * @param newEpoch from 0
   */
  public void begin(int newEpoch, float[] newParameters, GradientSum newSum) {
    epoch = newEpoch;
    parameters = newParameters;
    sum = newSum;
  }

  /** Adds some samples of one holder: elements {@code from} to {@code to} - 1 of its rows. */
  public void add(Holder holder, int[] rows, int from, int to) {
    if (to - from >= MANY && holder instanceof Samples samples) {
      gang.gradient(samples, rows, from, to, parameters, recipe, epoch, sum);
      return;
    }
    for (int next = from; next < to; next += MANY) {
      few.add(holder, rows, next, Math.min(to, next + MANY));
      if (few.count() >= MANY) {
        computeFew();
      }
    }
  }

  /** Ends the minibatch. */
  public void end() {
    if (few.count() > 0) {
      computeFew();
    }
  }

  private void computeFew() {
    gang.gradient(few.samples(), few.rows(), 0, few.count(), parameters, recipe, epoch, sum);
    few.clear();
  }
}
