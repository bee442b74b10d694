package io.gradcast.engine.layer;

import io.gradcast.engine.random.Philox;
import io.gradcast.engine.random.Philox.Purpose;

/** Initial weights, uniform on (-x, x) with x = sqrt(6 / fan): eqs. (1) to (3). */
final class Uniform {

  private Uniform() {}

  /**
   * Fills {@code count} parameters, each a function of (seed, layer, its position).
   *
   * @param fan (input maps + output maps) * kernel area, or inputs + outputs
   */
  static void fill(long seed, int layer, int fan, float[] parameters, int offset, int count) {
    double bound = Math.sqrt(6.0 / fan);
    for (int i = 0; i < count; i++) {
      double unit = Philox.uniform(seed, Purpose.INITIALIZATION, 0, layer, i);
      parameters[offset + i] = (float) ((2 * unit - 1) * bound);
    }
  }
}
