package io.gradcast.engine.optim;

import io.gradcast.engine.Interval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rate rises in equal steps from near zero to that of another schedule, which then begins
 * (Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017, section 2.2).
 *
 * @param length how long it rises; the whole rate comes with the last iteration of that
 * @param then what comes behind it, counted from there
 */
public record WarmUp(Interval length, Schedule then) implements Schedule {

  @Override
  public double factor(long iteration, long iterations, int minibatches, List<Double> monitored) {
    long rising = length.iterations(minibatches);
    if (iteration < rising) {
      return (iteration + 1.0) / rising;
    }
    return then.factor(iteration - rising, iterations - rising, minibatches, monitored);
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>(then.settings());
    settings.put("warm-up", length.toString());
    return settings;
  }

  @Override
  public boolean dependsOnEnd() {
    return then.dependsOnEnd();
  }

  @Override
  public boolean dependsOnMeasurements() {
    return then.dependsOnMeasurements();
  }
}
