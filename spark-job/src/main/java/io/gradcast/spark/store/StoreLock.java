package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * The right to change a model store, which one process at a time has. Its owner keeps a heartbeat;
 * who takes a dead owner's lock over sees to it that this owner, if it was only paused, finds
 * nothing to publish with when it wakes up. No clock but one's own decides who is dead.
 */
public abstract class StoreLock implements AutoCloseable {

  /** Heartbeats in the time after which an owner without any is dead. */
  static final int BEATS = 10;

  /** A lock that changes hands meanwhile is tried for so often, or something is wrong. */
  private static final int ATTEMPTS = 100;

  /** After Spark has stopped (40), before Hadoop closes its file systems (10). */
  private static final int HOOK_PRIORITY = 20;

  private final Path store;
  private final Duration timeout;
  private final Thread heart = new Thread(this::live, "gradcast-heartbeat");
  private final CountDownLatch over = new CountDownLatch(1);

  /** So that nobody has to find out, where this process is asked to end. */
  private final Runnable giveBack = this::giveBack;

  private volatile boolean lost;

  StoreLock(Path store, Duration timeout) {
    this.store = store;
    this.timeout = timeout;
  }

  /**
   * Takes the lock of a store, from an owner that is dead too.
   *
   * @param work what for, for others to read
   * @param timeout after so long without a heartbeat an owner is dead; one whose process is gone
   *     from this machine is at once
   * @throws GradcastException of kind LOCKED where another holds it
   */
  static StoreLock take(StoreFolder store, String work, Duration timeout) throws IOException {
    StoreLock lock = store.step().newLock(store, LockOwner.here(work), timeout);
    try {
      lock.take();
      return lock;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void take() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      LockHolder holder = holder();
      if (holder != null) {
        holder.requireDead(store, timeout);
      }
      if (claim(holder)) {
        ShutdownHookManager.get().addShutdownHook(giveBack, HOOK_PRIORITY);
        heart.setDaemon(true);
        heart.start();
        begin();
        return;
      }
    }
    throw new IOException("the lock of %s changes hands all the time".formatted(store));
  }

  /** Who holds the lock, or null. */
  abstract LockHolder holder() throws IOException;

  /**
   * Takes the lock if it is as it was when it was looked at.
   *
   * @param dead whose it was, or null where it was nobody's
   */
  abstract boolean claim(LockHolder dead) throws IOException;

  /** Done once by a new owner. */
  abstract void begin() throws IOException;

  /**
   * Shows that this owner lives.
   *
   * @throws FileNotFoundException where the lock is another's
   */
  abstract void beat() throws IOException;

  /**
   * Puts a pointer into its place in one step, if the lock is still this process's in that moment.
   *
   * @throws FileNotFoundException where it is not, and nothing is changed
   */
  abstract void replace(String pointer) throws IOException;

  /** Gives the lock back, if it was taken. */
  abstract void release() throws IOException;

  /** Which one in the history of the store this is, from 1; a later one has a higher number. */
  public abstract long number();

  /** A name that no other owner of the lock has, in the order of numbers. */
  public abstract String name();

  private void live() {
    try {
      do {
        beatOrNot();
      } while (!over.await(timeout.toMillis() / BEATS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      lost = true;
    }
  }

  private void beatOrNot() {
    try {
      beat();
    } catch (FileNotFoundException e) {
      lost = true;
    } catch (IOException e) {
      // Storage may come back before the lock is taken over, and if not there is the fence.
      System.err.printf("gradcast: no heartbeat for the lock of %s: %s%n", store, e.getMessage());
    }
  }

  /**
   * That nobody has taken the lock over, as far as is known.
   *
   * @throws GradcastException of kind LOCKED
   */
  public void requireHeld() {
    if (lost) {
      throw lost(null);
    }
  }

  private GradcastException lost(IOException e) {
    return new GradcastException(
        Kind.LOCKED,
        ("store %s: expected to hold the lock still, found it taken over, since nothing was heard"
                + " of this process for %d s; it has published nothing since")
            .formatted(store, timeout.toSeconds()),
        e);
  }

  /**
   * Has the store point to a version, in one step, if the lock is still this process's in that
   * moment.
   *
   * @throws GradcastException of kind LOCKED, and nothing is changed, where it is not
   */
  void publish(String version) throws IOException {
    try {
      replace(new Champion(version, number()).text());
    } catch (FileNotFoundException e) {
      throw lost(e);
    }
  }

  /** Gives the lock back; if it was lost, there is nothing to give. */
  @Override
  public void close() {
    giveBack();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(giveBack);
    }
  }

  private void giveBack() {
    over.countDown();
    try {
      heart.join(timeout.toMillis());
      release();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.printf("gradcast: left behind the lock of %s: %s%n", store, e.getMessage());
    }
  }
}
