package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * The right to change a model store, which one process at a time has. It is the folder {@code
 * lock/held}, which exists or not in one step, and in it a folder that only this owner has the name
 * of. There the owner keeps a heartbeat, and from there its pointer to a champion is renamed into
 * its place: who takes a dead owner's lock over moves that folder away first, so an owner that was
 * only paused finds nothing to rename when it wakes up. No clock but one's own decides who is dead.
 */
public final class StoreLock implements AutoCloseable {

  private static final String POINTER = "pointer";
  private static final String ENDED = "ended-";

  /** Of a number, so that names are in the order of numbers. */
  private static final int DIGITS = 10;

  /** After Spark has stopped (40), before Hadoop closes its file systems (10). */
  private static final int HOOK_PRIORITY = 20;

  /** An unused lock's folder gets a name in this many attempts, or something is wrong. */
  private static final int ATTEMPTS = 100;

  private final FileSystem system;
  private final AtomicStep step;
  private final Path folder;
  private final Path held;
  private final LockOwner owner;
  private final Duration timeout;
  private final Thread heart = new Thread(this::live, "gradcast-heartbeat");
  private final CountDownLatch over = new CountDownLatch(1);

  /** So that nobody has to find out, where this process is asked to end. */
  private final Runnable giveBack = this::giveBack;

  private long number;
  private Path own;
  private long beats;
  private volatile boolean lost;

  private StoreLock(
      FileSystem system, AtomicStep step, Path store, LockOwner owner, Duration timeout) {
    this.system = system;
    this.step = step;
    folder = new Path(store, "lock");
    held = new Path(folder, "held");
    this.owner = owner;
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
    StoreLock lock =
        new StoreLock(store.system(), store.step(), store.root(), LockOwner.here(work), timeout);
    try {
      lock.take();
      return lock;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void take() throws IOException {
    step.makeFolder(folder);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      LockHolder holder = holder();
      if (holder != null) {
        holder.requireDead(timeout);
        takeAway(holder.folder());
      }
      step.deleteIfEmpty(held);
      if (claim()) {
        ShutdownHookManager.get().addShutdownHook(giveBack, HOOK_PRIORITY);
        heart.setDaemon(true);
        heart.start();
        deleteOthers();
        return;
      }
    }
    throw new IOException("the lock %s changes hands all the time".formatted(folder));
  }

  /** Who holds the lock, or null. */
  private LockHolder holder() throws IOException {
    try {
      FileStatus[] inside = system.listStatus(held);
      return inside.length == 0 ? null : new LockHolder(system, inside[0].getPath());
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  /** Ends a lock; where another was faster, that is as good. */
  private void takeAway(Path holder) throws IOException {
    try {
      step.claim(holder, new Path(folder, ENDED + holder.getName()));
    } catch (FileNotFoundException e) {
      return;
    }
  }

  /** Takes a lock that nobody has, with the number after the last. */
  private boolean claim() throws IOException {
    number = lastNumber() + 1;
    String name = digits(number) + "-" + UUID.randomUUID();
    Path made = new Path(folder, ".new-" + name);
    Path inside = new Path(made, name);
    try {
      step.makeFolder(inside);
      step.write(new Path(inside, LockHolder.OWNER), owner.toBytes());
      if (!step.claim(made, held)) {
        system.delete(made, true);
        return false;
      }
    } catch (IOException e) {
      if (system.exists(made)) {
        throw e;
      }
      // Another has the lock, and cleaned up.
      return false;
    }
    own = new Path(held, name);
    if (lastNumber() >= number) {
      // Another had the lock and gave it back since the last one was looked for.
      takeAway(own);
      return false;
    }
    return true;
  }

  private static String digits(long number) {
    return ("%0" + DIGITS + "d").formatted(number);
  }

  private long lastNumber() throws IOException {
    long last = 0;
    for (FileStatus status : system.listStatus(folder)) {
      String name = status.getPath().getName();
      if (name.startsWith(ENDED)) {
        last =
            Math.max(last, Long.parseLong(name.substring(ENDED.length(), ENDED.length() + DIGITS)));
      }
    }
    return last;
  }

  /** Locks that ended before the last one, and those that never began. */
  private void deleteOthers() throws IOException {
    String last = ENDED + digits(lastNumber());
    for (FileStatus status : system.listStatus(folder)) {
      String name = status.getPath().getName();
      if (!name.equals(held.getName()) && !name.startsWith(last)) {
        deleteAtOnce(status.getPath());
      }
    }
  }

  /** Out of the way in one step first: what is half deleted could still be given a name. */
  private void deleteAtOnce(Path old) throws IOException {
    Path deleted = new Path(folder, ".deleted-" + UUID.randomUUID());
    try {
      step.claim(old, deleted);
    } catch (FileNotFoundException e) {
      // It has just become the lock of another, or was given up.
      return;
    }
    system.delete(deleted, true);
  }

  private void live() {
    try {
      do {
        beat();
      } while (!over.await(timeout.toMillis() / LockHolder.BEATS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      lost = true;
    }
  }

  private void beat() {
    try {
      beats++;
      // Of another length each time: modification times may be coarse.
      step.write(new Path(own, LockHolder.HEARTBEAT), new byte[(int) (beats % 2) + 1]);
    } catch (FileNotFoundException e) {
      lost = true;
    } catch (IOException e) {
      // Storage may come back before the lock is taken over, and if not there is the fence.
      System.err.println("gradcast: no heartbeat in " + own + ": " + e.getMessage());
    }
  }

  /** Which one in the history of the store this is, from 1; a later one has a higher number. */
  public long number() {
    return number;
  }

  /** A name that no other owner of the lock has. */
  public String name() {
    return own.getName();
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
            .formatted(folder.getParent(), timeout.toSeconds()),
        e);
  }

  /**
   * Puts a file into its place in one step, if the lock is still this process's in that moment.
   *
   * @throws GradcastException of kind LOCKED, and nothing is changed, where it is not
   */
  void publish(Path file, String content) throws IOException {
    Path staged = new Path(own, POINTER);
    try {
      step.write(staged, content.getBytes(StandardCharsets.UTF_8));
      step.replace(staged, file);
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
      if (own != null) {
        takeAway(own);
        step.deleteIfEmpty(held);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("gradcast: left behind the lock " + own + ": " + e.getMessage());
    }
  }
}
