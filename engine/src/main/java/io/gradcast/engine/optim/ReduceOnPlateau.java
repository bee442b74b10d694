package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/**
 * The rate is multiplied by a factor whenever so many measurements in a row were no better than the
 * best before them. After that they are counted anew.
 *
 * @param decay above 0; below 1 the rate falls
 * @param patience measurements, from 1
 */
public record ReduceOnPlateau(double decay, int patience) implements Schedule {

  public ReduceOnPlateau {
    Hyperparameters.requirePositive("decay", decay);
    Hyperparameters.requireFrom1("decay-after", patience);
  }

  @Override
  public double factor(long iteration, long iterations, int minibatches, List<Double> monitored) {
    double factor = 1;
    double best = Double.POSITIVE_INFINITY;
    int worse = 0;
    for (double value : monitored) {
      if (value < best) {
        best = value;
        worse = 0;
      } else if (++worse == patience) {
        factor *= decay;
        worse = 0;
      }
    }
    return factor;
  }

  @Override
  public Map<String, Object> settings() {
    return Hyperparameters.named(
        "schedule", "plateau", "decay", decay, "decay-after", (long) patience);
  }

  @Override
  public boolean dependsOnMeasurements() {
    return true;
  }
}
