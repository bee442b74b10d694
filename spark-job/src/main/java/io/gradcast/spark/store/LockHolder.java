package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Another process that holds a lock, as it is seen from outside.
 *
 * @param folder of that owner alone, in the lock
 */
record LockHolder(FileSystem system, Path folder) {

  static final String OWNER = "owner.json";
  static final String HEARTBEAT = "heartbeat";

  /** Heartbeats in the time after which an owner without any is dead. */
  static final int BEATS = 10;

  private static final int LARGEST_OWNER = 1 << 16;

  /** The pulse of an owner who gave the lock back, or lost it. */
  private static final String GONE = "gone";

  /**
   * Returns once it is clear that the owner is dead, or has no lock any more.
   *
   * @param timeout so long without a heartbeat is dead
   * @throws GradcastException of kind LOCKED where it lives
   */
  void requireDead(Duration timeout) throws IOException {
    LockOwner owner = owner();
    if (owner != null && owner.isGone()) {
      return;
    }
    String name = owner == null ? "somebody" : owner.toString();
    String before = pulse();
    long start = System.nanoTime();
    while (System.nanoTime() - start < timeout.toNanos()) {
      pause(timeout);
      String now = pulse();
      if (now.equals(GONE)) {
        return;
      }
      if (!now.equals(before)) {
        throw new GradcastException(
            Kind.LOCKED, "store %s: expected nobody at work, found %s".formatted(store(), name));
      }
    }
    System.err.printf(
        "gradcast: the lock of %s was held by %s, of whom nothing was heard for %d s: taking it"
            + " over%n",
        store(), name, timeout.toSeconds());
  }

  private Path store() {
    return folder.getParent().getParent().getParent();
  }

  /** Null where it is not known. */
  private LockOwner owner() throws IOException {
    Path file = new Path(folder, OWNER);
    try (FSDataInputStream in = system.open(file)) {
      return LockOwner.fromBytes(in.readNBytes(LARGEST_OWNER), "lock " + file);
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  /** What is seen of its life. */
  private String pulse() throws IOException {
    try {
      FileStatus status = system.getFileStatus(new Path(folder, HEARTBEAT));
      return status.getModificationTime() + " " + status.getLen();
    } catch (FileNotFoundException e) {
      return system.exists(folder) ? "none yet" : GONE;
    }
  }

  private void pause(Duration timeout) throws IOException {
    try {
      Thread.sleep(Math.max(1, timeout.toMillis() / BEATS / 4));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the lock " + folder, e);
    }
  }
}
