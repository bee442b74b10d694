package io.gradcast.engine.optim;

import io.gradcast.engine.GradcastException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What optimizers and schedules have to say of their hyperparameters. */
final class Hyperparameters {

  private Hyperparameters() {}

  static void requirePositive(String key, double value) {
    GradcastException.require(value > 0 && Double.isFinite(value), key, "a number above 0", value);
  }

  static void requireNotNegative(String key, double value) {
    GradcastException.require(
        value >= 0 && Double.isFinite(value), key, "a number of 0 or more", value);
  }

  static void requireShare(String key, double value) {
    GradcastException.require(value >= 0 && value < 1, key, "a number from 0, below 1", value);
  }

  static void requireFrom1(String key, int value) {
    GradcastException.require(value >= 1, key, "an integer of 1 or more", value);
  }

  /**
   * A power by squaring: the same on every JDK, which Math.pow need not be, and without the arrays
   * that StrictMath.pow allocates.
   */
  static double power(double base, long exponent) {
    double power = 1;
    double square = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        power *= square;
      }
      square *= square;
    }
    return power;
  }

  /** An optimizer's settings: its name, then keys and values by turns. */
  static Map<String, Object> settings(String optimizer, Object... keysAndValues) {
    return named("optimizer", optimizer, keysAndValues);
  }

  /** A map that keeps the order. */
  static Map<String, Object> named(String key, String name, Object... keysAndValues) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(key, name);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return Collections.unmodifiableMap(settings);
  }
}
