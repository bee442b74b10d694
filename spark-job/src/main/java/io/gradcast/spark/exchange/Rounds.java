package io.gradcast.spark.exchange;

import io.gradcast.engine.tensor.GradientSum;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * The driver's side of resident tasks: the rounds of one range of minibatches, and the only state
 * that matters. A round is complete once every part of the job has given its sum, whichever attempt
 * gave it; a sum for another round, or of a part that has given one, is ignored. So attempts may
 * come late, twice or again. Exact sums make the order of no account.
 */
final class Rounds {

  /** What an ask costs the driver, at most: no more of them are asked for than it can answer. */
  private static final long ASK_NANOS = 20_000;

  private static final long SHORTEST_WAIT_NANOS = 50_000;
  private static final long LONGEST_WAIT_NANOS = 20_000_000;

  private final int end;
  private final float[] parameters;
  private final Consumer<GradientSum> update;
  private final GradientSum sum = new GradientSum();

  /** Parts whose sums for the current round are in. */
  private final BitSet given = new BitSet();

  /** Parts that some attempt of the current job has spoken for. */
  private final BitSet seen = new BitSet();

  private int round;
  private long job;
  private int parts;
  private Throwable failure;

  private long roundStart = System.nanoTime();
  private long lastRoundNanos;
  private long longestRoundNanos;
  private long lastProgress = roundStart;

  /**
   * @param first minibatch
   * @param end behind the last
   * @param parameters that {@code update} changes
   */
  Rounds(int first, int end, float[] parameters, Consumer<GradientSum> update) {
    round = first;
    this.end = end;
    this.parameters = parameters;
    this.update = update;
  }

  /** Turns to a new job, whose tasks start the current round again; those of others are stale. */
  synchronized void begin(long newJob, int newParts) {
    job = newJob;
    parts = newParts;
    sum.clear();
    given.clear();
    seen.clear();
    lastProgress = System.nanoTime();
    roundStart = lastProgress;
  }

  /** Takes what a task says and answers at once, having updated where that completed a round. */
  synchronized Answer receive(Ask ask) {
    if (ask.job() != job || isOver()) {
      return Answer.over();
    }
    if (ask.round() != round) {
      // Begun late or again, or out of step: whatever it has is of no use any more.
      return Answer.begin(round, parameters);
    }
    int[] known = Arrays.stream(ask.parts()).filter(given::get).toArray();
    if (known.length > 0) {
      return Answer.without(round, known);
    }
    if (ask.parts().length > 0) {
      add(ask);
      if (given.cardinality() == parts) {
        complete();
        return isOver() ? Answer.over() : Answer.begin(round, parameters);
      }
    }
    return Answer.hold(round, waitNanos());
  }

  private void add(Ask ask) {
    sum.add(ask.sum());
    for (int part : ask.parts()) {
      given.set(part);
      seen.set(part);
    }
    lastProgress = System.nanoTime();
  }

  private void complete() {
    try {
      update.accept(sum);
    } catch (RuntimeException | Error e) {
      failure = e;
      return;
    }
    round++;
    sum.clear();
    given.clear();
    long now = System.nanoTime();
    lastRoundNanos = now - roundStart;
    longestRoundNanos = Math.max(longestRoundNanos, lastRoundNanos);
    roundStart = now;
  }

  /** Half the time that the round may still take, but never too many asks for the driver. */
  private long waitNanos() {
    long left = roundStart + lastRoundNanos - System.nanoTime();
    long wait = Math.max(left / 2, parts * ASK_NANOS);
    return Math.max(SHORTEST_WAIT_NANOS, Math.min(wait, LONGEST_WAIT_NANOS));
  }

  /** Whether there is nothing more to do, because all is done or because an update failed. */
  synchronized boolean isOver() {
    return round == end || failure != null;
  }

  /** The minibatch whose sum comes next. */
  synchronized int next() {
    return round;
  }

  /** What an update threw, or null. */
  synchronized Throwable failure() {
    return failure;
  }

  /** How long no sum has come in, in nanoseconds. */
  synchronized long idleNanos() {
    return System.nanoTime() - lastProgress;
  }

  synchronized long longestRoundNanos() {
    return longestRoundNanos;
  }

  /** How many parts of the current job have given a sum in any round of it. */
  synchronized int partsSeen() {
    return seen.cardinality();
  }
}
