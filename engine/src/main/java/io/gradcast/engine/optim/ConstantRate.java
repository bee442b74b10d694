package io.gradcast.engine.optim;

import java.util.List;
import java.util.Map;

/** The same rate always. */
public record ConstantRate() implements Schedule {

  @Override
  public double factor(long iteration, long iterations, int minibatches, List<Double> monitored) {
    return 1;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("schedule", "constant");
  }
}
