package io.gradcast.engine.train;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Threads that do the same small piece of work again and again, together with their caller. Between
 * pieces they spin for a moment before they sleep, since a sleeping thread may take longer to wake
 * than a minibatch takes to compute. Allocates nothing in a piece of work.
 */
public final class Gang implements AutoCloseable {

  /** How long a thread spins before it sleeps: a small minibatch, and the update behind it. */
  private static final long SPIN_NANOS = 500_000;

  private final Thread[] members;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger round = new AtomicInteger();

  /** Not where threads outnumber processors: there a spinning one keeps another from its work. */
  private final boolean spins;

  private volatile boolean closed;
  private volatile Thread caller;
  private volatile Throwable failure;
  private IntConsumer work;

  /**
   * @param threads in all, the caller's included; from 1
   */
  public Gang(int threads) {
    members = new Thread[threads - 1];
    spins = threads <= Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < members.length; i++) {
      int index = i + 1;
      members[i] = new Thread(() -> serve(index), "gradcast-" + index);
      members[i].setDaemon(true);
      members[i].start();
    }
  }

  /** Threads in all. */
  public int size() {
    return members.length + 1;
  }

  /**
   * Has every thread do its part, 0 to size - 1, and returns when all have. What one of them throws
   * is thrown here.
   */
  public void run(IntConsumer newWork) {
    work = newWork;
    caller = Thread.currentThread();
    failure = null;
    running.set(members.length);
    round.incrementAndGet();
    for (Thread member : members) {
      LockSupport.unpark(member);
    }
    try {
      newWork.accept(0);
    } finally {
      awaitMembers();
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw new IllegalStateException("a thread of the gang failed: " + thrown, thrown);
    }
  }

  private void awaitMembers() {
    long start = System.nanoTime();
    while (running.get() > 0) {
      pause(start);
    }
  }

  private void serve(int index) {
    int seen = 0;
    while (true) {
      long start = System.nanoTime();
      while (round.get() == seen && !closed) {
        pause(start);
      }
      if (closed) {
        return;
      }
      seen = round.get();
      try {
        work.accept(index);
      } catch (Throwable e) {
        failure = e;
      }
      if (running.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void pause(long start) {
    if (spins && System.nanoTime() - start < SPIN_NANOS) {
      Thread.onSpinWait();
    } else {
      LockSupport.park(this);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread member : members) {
      LockSupport.unpark(member);
    }
  }
}
