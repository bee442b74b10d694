package io.gradcast.engine.optim;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.FixedPoint;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What keeps the mean gradient of a minibatch from being too large: all of it is shrunk to a norm
 * (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", ICML
 * 2013), then each element is put within bounds (Mikolov, "Statistical language models based on
 * neural networks", 2012).
 *
 * @param norm the largest Euclidean norm, above 0; infinite for none
 * @param value the largest magnitude of an element, above 0; infinite for none
 */
public record Clipping(double norm, double value) {

  /** Takes gradients as they are. */
  public static final Clipping NONE =
      new Clipping(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  public Clipping {
    GradcastException.require(norm > 0, "clip-norm", "a number above 0", norm);
    GradcastException.require(value > 0, "clip-value", "a number above 0", value);
  }

  /** Those that are finite, by the keys of their settings. */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    if (Double.isFinite(norm)) {
      settings.put("clip-norm", norm);
    }
    if (Double.isFinite(value)) {
      settings.put("clip-value", value);
    }
    return settings;
  }

  /**
   * The factor that brings a mean gradient to the norm; 1 where it is not above.
   *
   * @param sums over the minibatch, in steps of the grid
   */
  double shrink(long[] sums, int samples) {
    if (norm == Double.POSITIVE_INFINITY) {
      return 1;
    }
    // In the order of the parameters and by one thread: a sum of doubles depends on its order.
    double squares = 0;
    for (long sum : sums) {
      squares += (double) sum * sum;
    }
    double found = Math.sqrt(squares) * FixedPoint.STEP / samples;
    return found > norm ? norm / found : 1;
  }
}
