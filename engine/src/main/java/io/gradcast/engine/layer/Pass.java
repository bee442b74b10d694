package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.tensor.GradientSum;

/**
 * What all layers share while a group of {@value Kernels#LANES} samples goes through them. Owned by
 * one thread, and filled by the network.
 */
public final class Pass {

  /** What the thread computes with. */
  public final Kernels kernels;

  /** Of the whole network. */
  public float[] parameters;

  /** Whether layers do what they do in training alone, such as dropping units. */
  public boolean training;

  /** Of the training. */
  public long seed;

  /** From 0. */
  public int epoch;

  /** The stable id of each lane's sample. */
  public final long[] ids = new long[Kernels.LANES];

  /** To which each sample's gradient on the parameters is added. */
  public GradientSum sum;

  /** Of a gradient's magnitude. */
  public float limit;

  public Pass(Kernels kernels) {
    this.kernels = kernels;
  }

  /** The integers to which gradients on the parameters are added, laid out as these are. */
  long[] gradient() {
    return sum.gradient(parameters.length);
  }
}
