package io.gradcast.spark.exchange;

import io.gradcast.engine.tensor.GradientSum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The resident tasks of one job in one executor. They compute a round side by side; once none of
 * them is still at it, one speaks for all: it sends the sum of their sums and brings back the next
 * round's parameters, so that an executor costs the driver one sum a round however many cores it
 * has. Tasks may join and leave at any time.
 */
final class Crew {

  /** How long a task spins before it sleeps: a small minibatch, and what the others are behind. */
  private static final long SPIN_NANOS = 500_000;

  /** How long it sleeps before it looks whether it was killed, or has to speak for the others. */
  private static final long SLEEP_NANOS = 1_000_000;

  private static final Map<Long, Crew> CREWS = new HashMap<>();

  private final long job;
  private final Function<Ask, Answer> driver;

  // What follows is guarded by this; round and parameters are written before all members go on.
  private final List<Member> members = new ArrayList<>();
  private final GradientSum combined = new GradientSum();
  private Member speaker;
  private boolean spins;
  private volatile int round = Ask.NONE;
  private float[] parameters;

  private Crew(long job, Function<Ask, Answer> driver) {
    this.job = job;
    this.driver = driver;
  }

  /**
   * Joins the crew of a job in this executor, which the first task makes.
   *
   * @param part number of the task in its job
   * @param threads with which it computes
   * @param driver how to speak with it
   * @param check throws where the task was killed
   */
  static Member join(
      long job, int part, int threads, Function<Ask, Answer> driver, Runnable check) {
    synchronized (CREWS) {
      Crew crew = CREWS.computeIfAbsent(job, key -> new Crew(key, driver));
      Member member = crew.new Member(part, threads, check);
      crew.add(member);
      return member;
    }
  }

  private synchronized void add(Member member) {
    members.add(member);
    countThreads();
  }

  /** Spinning threads must not keep others from their work. */
  private void countThreads() {
    int threads = members.stream().mapToInt(member -> member.threads).sum();
    spins = threads <= Runtime.getRuntime().availableProcessors();
  }

  private void remove(Member member) {
    synchronized (CREWS) {
      synchronized (this) {
        members.remove(member);
        countThreads();
        if (speaker == member) {
          speaker = null;
        }
        if (members.isEmpty()) {
          CREWS.remove(job, this);
        }
        wakeAll();
      }
    }
  }

  private void wakeAll() {
    for (Member member : members) {
      LockSupport.unpark(member.thread);
    }
  }

  /** Makes the member the speaker, if there is something to say and nobody at it. */
  private synchronized boolean speaks(Member member) {
    if (speaker != null || members.stream().anyMatch(Member::isComputing)) {
      return false;
    }
    speaker = member;
    return true;
  }

  /** What is to be said: the sums that were not sent, or that we wait. */
  private synchronized Ask whatToSay() {
    List<Member> ready = new ArrayList<>();
    if (members.stream().noneMatch(Member::isComputing)) {
      for (Member member : members) {
        // A speculative copy of a task may sit beside it, and says nothing new.
        boolean said = ready.stream().anyMatch(other -> other.part == member.part);
        if (member.done == round && member.sent != round && !said) {
          ready.add(member);
        }
      }
    }
    int[] parts = ready.stream().mapToInt(member -> member.part).toArray();
    if (parts.length == 1) {
      return new Ask(job, round, parts, ready.get(0).sum);
    }
    combined.clear();
    ready.forEach(member -> combined.add(member.sum));
    return new Ask(job, round, parts, combined);
  }

  /** Says it, and returns how long to wait before the next time; negative: the round is over. */
  private long speak() {
    Ask ask = whatToSay();
    Answer answer = driver.apply(ask);
    synchronized (this) {
      if (answer.round() != ask.round()) {
        parameters = answer.parameters();
        round = answer.round();
        speaker = null;
        wakeAll();
        return -1;
      }
      int[] settled = answer.known().length > 0 ? answer.known() : ask.parts();
      for (int part : settled) {
        for (Member member : members) {
          if (member.part == part && member.done == round) {
            member.sent = round;
          }
        }
      }
      return answer.waitNanos();
    }
  }

  /** One task's place in the crew; for its thread alone. */
  final class Member implements AutoCloseable {

    private final int part;
    private final int threads;
    private final Runnable check;
    private final Thread thread = Thread.currentThread();
    private final GradientSum sum = new GradientSum();

    // Rounds: the one it is at, the last it finished, the last whose sum the driver has.
    private int current = Ask.NONE;
    private volatile int done = Ask.NONE;
    private int sent = Ask.NONE;

    private Member(int part, int threads, Runnable check) {
      this.part = part;
      this.threads = threads;
      this.check = check;
    }

    /** Its sum of a round; to be filled between {@link #next} and {@link #next}. */
    GradientSum sum() {
      return sum;
    }

    /**
     * The current parameters. In local mode they are the driver's own, which change as soon as all
     * parts have given their sums: only a copy of a task can still be at work then, and its sum is
     * of no use any more.
     */
    float[] parameters() {
      return parameters;
    }

    private boolean isComputing() {
      return done < round;
    }

    /**
     * Hands in the sum of the current round and waits for the next one, whose number it returns;
     * {@link Answer#OVER} if there is none.
     */
    int next() {
      done = current;
      long start = System.nanoTime();
      while (round == current) {
        if (speaks(this)) {
          speakUntilOver();
        } else {
          pause(start);
        }
      }
      check.run();
      current = round;
      return current;
    }

    private void speakUntilOver() {
      long wait = speak();
      while (wait >= 0) {
        long start = System.nanoTime();
        while (wait > 0 && System.nanoTime() - start < wait && !hasNews()) {
          check.run();
          LockSupport.parkNanos(this, Math.min(SLEEP_NANOS, wait));
        }
        wait = speak();
      }
    }

    /** Whether a task that came late has a sum which the driver waits for. */
    private boolean hasNews() {
      synchronized (Crew.this) {
        return members.stream().noneMatch(Member::isComputing)
            && members.stream().anyMatch(m -> m.done == round && m.sent != round);
      }
    }

    private void pause(long start) {
      if (spins && System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
      } else {
        check.run();
        LockSupport.parkNanos(this, SLEEP_NANOS);
      }
    }

    @Override
    public void close() {
      remove(this);
    }
  }
}
