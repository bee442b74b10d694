package io.gradcast.engine.optim;

import io.gradcast.engine.tensor.GradientSum;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An optimizer at work on the parameters of one training: turns the gradient sum of a minibatch
 * into new parameters, on the driver alone. A parameter's update depends on no other's, so several
 * threads can share the work, with the same result. Allocates nothing in an update.
 */
public final class Updater {

  /** Below so many parameters a thread is not worth waking. */
  private static final int SHARE = 1 << 17;

  private final Optimizer optimizer;
  private final Clipping clipping;
  private final float[] parameters;
  private final float[][] states;
  private final Block[] blocks;

  // The update that is made.
  private long[] gradients;
  private double limit;

  /**
   * Starts on an optimizer's work.
   *
   * @param parameters are updated in place
   * @param states by the optimizer's names for them, each as long as the parameters; updated in
   *     place
   * @param threads at most, from 1
   */
  public Updater(
      Optimizer optimizer,
      Clipping clipping,
      float[] parameters,
      Map<String, float[]> states,
      int threads) {
    this.optimizer = optimizer;
    this.clipping = clipping;
    this.parameters = parameters;
    List<String> names = optimizer.stateNames();
    this.states = names.stream().map(states::get).toArray(float[][]::new);
    blocks = new Block[Math.max(1, Math.min(threads, parameters.length / SHARE))];
    Arrays.setAll(blocks, part -> new Block(names.size()));
  }

  /** The states of an optimizer at the start of a training, by its names for them. */
  public static Map<String, float[]> newStates(Optimizer optimizer, int parameterCount) {
    Map<String, float[]> states = new LinkedHashMap<>();
    optimizer.stateNames().forEach(name -> states.put(name, new float[parameterCount]));
    return states;
  }

  /** Parts that the work falls into: no more than threads. */
  public int parts() {
    return blocks.length;
  }

  /**
   * Turns to an update, of which each part must then be done.
   *
   * @param sum the exact gradient sum of a whole minibatch, of at least one sample; used until the
   *     update is ended
   * @param rate learning rate
   * @param iteration of the whole training, from 1
   */
  public void begin(GradientSum sum, double rate, long iteration) {
    gradients = sum.gradient(parameters.length);
    double shrink = clipping.shrink(gradients, sum.samples());
    for (Block block : blocks) {
      block.begin(rate, iteration, sum.samples(), shrink);
    }
    limit = clipping.value() / blocks[0].scale(1);
  }

  /** Does a part, from 0; parts may be done at the same time. */
  public void update(int part) {
    Block block = blocks[part];
    int end = start(part + 1);
    for (int from = start(part); from < end; from += Block.SIZE) {
      block.count = Math.min(Block.SIZE, end - from);
      block.load(parameters, gradients, states, from, limit);
      optimizer.step(block);
      block.store(parameters, states, from);
    }
  }

  /** Ends an update, of which each part was done: lets go of the sum, which may be large. */
  public void end() {
    gradients = null;
  }

  private int start(int part) {
    return (int) ((long) parameters.length * part / blocks.length);
  }
}
