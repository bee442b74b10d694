package io.gradcast.spark.retrain;

import io.gradcast.engine.data.DataStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What training data are like, by which those of one run are compared with those of the last.
 *
 * @param classes their names
 * @param counts samples of each
 * @param means of the pixels of each channel, from 0 to 1
 * @param deviations of the same
 */
record DataProfile(
    long samples,
    List<String> classes,
    List<Long> counts,
    List<Double> means,
    List<Double> deviations) {

  static DataProfile of(long samples, List<String> classes, DataStatistics statistics) {
    List<Long> counts = new ArrayList<>();
    for (long count : statistics.samples()) {
      counts.add(count);
    }
    return new DataProfile(
        samples, classes, counts, doubles(statistics.means()), doubles(statistics.deviations()));
  }

  private static List<Double> doubles(float[] values) {
    List<Double> doubles = new ArrayList<>();
    for (float value : values) {
      doubles.add((double) value);
    }
    return doubles;
  }

  /** What is beyond the limits, a sentence each. */
  List<String> drift(DataProfile last, DriftLimits limits) {
    List<String> found = new ArrayList<>();
    if (samples < limits.minSamples()) {
      found.add(
          "min-samples: expected %,d or more, found %,d".formatted(limits.minSamples(), samples));
    }
    if (last == null) {
      return found;
    }
    double change = Math.abs((double) samples / last.samples - 1);
    if (change > limits.samples()) {
      found.add(
          "drift-samples: expected %,d as in the last run, give or take %s, found %,d"
              .formatted(last.samples, percent(limits.samples()), samples));
    }
    addClasses(found, last, limits);
    addPixels(found, last, limits);
    return found;
  }

  private void addClasses(List<String> found, DataProfile last, DriftLimits limits) {
    if (!new TreeSet<>(classes).equals(new TreeSet<>(last.classes))) {
      found.add(
          "classes: expected %s as in the last run, found %s".formatted(last.classes, classes));
      return;
    }
    double moved = 0;
    double chance = 0;
    for (String name : classes) {
      double share = share(name);
      double before = last.share(name);
      moved += Math.abs(share - before) / 2;
      // Standard deviation of the difference, were both drawn from the same images.
      double both = (share + before) / 2;
      chance += Math.sqrt(both * (1 - both) * (1.0 / samples + 1.0 / last.samples)) / 2;
    }
    if (moved > limits.classes() + chance) {
      found.add(
          "drift-classes: expected the balance of the last run, but for %s of the samples and %s by chance, found %s of other classes"
              .formatted(percent(limits.classes()), percent(chance), percent(moved)));
    }
  }

  /** Which part of the labels a class has. */
  private double share(String name) {
    long all = counts.stream().mapToLong(Long::longValue).sum();
    return (double) counts.get(classes.indexOf(name)) / Math.max(1, all);
  }

  private void addPixels(List<String> found, DataProfile last, DriftLimits limits) {
    if (means.size() != last.means.size()) {
      found.add(
          "channels: expected %d as in the last run, found %d"
              .formatted(last.means.size(), means.size()));
      return;
    }
    for (int i = 0; i < means.size(); i++) {
      double unit = Math.max(last.deviations.get(i), 1e-6);
      double moved = Math.abs(means.get(i) - last.means.get(i)) / unit;
      double spread = Math.abs(deviations.get(i) / unit - 1);
      if (moved > limits.pixels() || spread > limits.pixels()) {
        found.add(
            ("drift-pixels: expected channel %d with a mean of %.4f and a deviation of %.4f as in the"
                    + " last run, give or take %s of that deviation, found %.4f and %.4f")
                .formatted(
                    i + 1,
                    last.means.get(i),
                    last.deviations.get(i),
                    percent(limits.pixels()),
                    means.get(i),
                    deviations.get(i)));
      }
    }
  }

  private static String percent(double part) {
    return "%.1f %%".formatted(100 * part);
  }
}
