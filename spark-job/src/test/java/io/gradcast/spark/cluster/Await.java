package io.gradcast.spark.cluster;

import java.util.function.BooleanSupplier;

/** Waiting for what will come. The limit is that of the test, whose thread it interrupts. */
public final class Await {

  private static final long PAUSE_MILLIS = 20;

  private Await() {}

  /**
   * Returns once a condition holds.
   *
   * @param what the condition in words, for the failure of a test that came to its limit
   */
  public static void until(String what, BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("still waiting until " + what, e);
      }
    }
  }
}
