package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.fs.Path;

/** Another process that holds a lock, as it is seen from outside. */
interface LockHolder {

  /** The pulse of an owner who gave the lock back, or lost it. */
  String GONE = "gone";

  /** Null where it is not known. */
  LockOwner owner() throws IOException;

  /** What is seen of its life: another text after each heartbeat. */
  String pulse() throws IOException;

  /**
   * Returns once it is clear that the owner is dead, or has no lock any more.
   *
   * @param store whose lock it is, for messages
   * @param timeout so long without a heartbeat is dead
   * @throws GradcastException of kind LOCKED where it lives
   */
  default void requireDead(Path store, Duration timeout) throws IOException {
    LockOwner owner = owner();
    if (owner != null && owner.isGone()) {
      return;
    }
    String name = owner == null ? "somebody" : owner.toString();
    String before = pulse();
    long start = System.nanoTime();
    while (System.nanoTime() - start < timeout.toNanos()) {
      pause(store, timeout);
      String now = pulse();
      if (now.equals(GONE)) {
        return;
      }
      if (!now.equals(before)) {
        throw new GradcastException(
            Kind.LOCKED, "store %s: expected nobody at work, found %s".formatted(store, name));
      }
    }
    System.err.printf(
        "gradcast: the lock of %s was held by %s, of whom nothing was heard for %d s: taking it"
            + " over%n",
        store, name, timeout.toSeconds());
  }

  private static void pause(Path store, Duration timeout) throws IOException {
    try {
      Thread.sleep(Math.max(1, timeout.toMillis() / StoreLock.BEATS / 4));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the lock of " + store, e);
    }
  }
}
