package io.gradcast.engine.layer;

import io.gradcast.engine.random.Philox;
import io.gradcast.engine.random.Philox.Purpose;

/**
 * How initial weights are drawn, each a function of (seed, layer, its position) alone. Glorot and
 * Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS
 * 2010; He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", ICCV 2015.
 */
public enum Initialization {
  /** Uniform on (-x, x), x = sqrt(6 / (fan-in + fan-out)): eqs. (1) to (3) of Zhang 2016. */
  GLOROT_UNIFORM("glorot-uniform"),
  /** Normal, variance 2 / (fan-in + fan-out). */
  GLOROT_NORMAL("glorot-normal"),
  /** Uniform on (-x, x), x = sqrt(6 / fan-in). */
  HE_UNIFORM("he-uniform"),
  /** Normal, variance 2 / fan-in. */
  HE_NORMAL("he-normal");

  private final String text;

  Initialization(String text) {
    this.text = text;
  }

  /** The name in network texts. */
  public String text() {
    return text;
  }

  /**
   * Fills {@code count} parameters.
   *
   * @param layer its index in the network
   * @param fanIn inputs of one output
   * @param fanOut outputs that one input reaches
   */
  void fill(
      long seed, int layer, long fanIn, long fanOut, float[] parameters, int offset, int count) {
    boolean glorot = this == GLOROT_UNIFORM || this == GLOROT_NORMAL;
    boolean normal = this == GLOROT_NORMAL || this == HE_NORMAL;
    double fan = glorot ? fanIn + fanOut : fanIn;
    double scale = Math.sqrt((normal ? 2 : 6) / fan);
    for (int i = 0; i < count; i++) {
      double unit = Philox.uniform(seed, Purpose.INITIALIZATION, 0, layer, i);
      double value = normal ? normal(unit, seed, layer, i) : 2 * unit - 1;
      parameters[offset + i] = (float) (value * scale);
    }
  }

  /** By Box and Muller, of two uniform numbers; the second is of an epoch of its own. */
  private static double normal(double unit, long seed, int layer, int i) {
    double other = Philox.uniform(seed, Purpose.INITIALIZATION, 1, layer, i);
    // 1 - unit is never 0, and so has a logarithm.
    return Math.sqrt(-2 * StrictMath.log(1 - unit)) * StrictMath.cos(2 * Math.PI * other);
  }
}
