package io.gradcast.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Resident tasks of one executor, against a driver in the same JVM. */
@Timeout(60)
class CrewTest {

  private static final int ROUNDS = 200;

  private final long job = ThreadLocalRandom.current().nextLong();
  private final float[] parameters = {0};
  private final List<Long> updates = Collections.synchronizedList(new ArrayList<>());
  private final List<Integer> pushedTogether = Collections.synchronizedList(new ArrayList<>());
  private final Rounds rounds =
      new Rounds(
          0,
          ROUNDS,
          parameters,
          sum -> {
            updates.add(sum.gradient(1)[0]);
            parameters[0]++;
          });

  private Answer drive(Ask ask) {
    if (ask.parts().length > 0) {
      pushedTogether.add(ask.parts().length);
    }
    return rounds.receive(ask);
  }

  /** A task that gives 10 to the power of its part in each round, and stops where told to. */
  private FutureTask<Integer> task(int part, Runnable check, RoundHook hook) {
    Callable<Integer> body =
        () -> {
          int computed = 0;
          try (Crew.Member member = Crew.join(job, part, 1, this::drive, check)) {
            for (int round = member.next(); round != Answer.OVER; round = member.next()) {
              // They are the driver's own: a copy that comes while the others end the round may
              // find them updated. Its sum is for a round that is over then.
              assertTrue(member.parameters()[0] >= round);
              hook.at(round);
              member.sum().clear();
              member.sum().gradient(1)[0] = (long) Math.pow(10, part);
              computed++;
            }
          }
          return computed;
        };
    FutureTask<Integer> task = new FutureTask<>(body);
    Thread thread = new Thread(task, "part " + part);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private interface RoundHook {
    void at(int round) throws Exception;
  }

  /** A task that nobody kills, and nothing befalls. */
  private FutureTask<Integer> task(int part) {
    return task(part, () -> {}, round -> {});
  }

  private void assertAllRounds(long value) {
    assertEquals(Collections.nCopies(ROUNDS, value), updates);
  }

  @Test
  void tasksOfACrewPushOneSumARound() throws Exception {
    rounds.begin(job, 3);
    CountDownLatch joined = new CountDownLatch(3);
    RoundHook together =
        round -> {
          assertEquals((float) round, parameters[0]);
          if (round == 0) {
            joined.countDown();
            joined.await();
          }
        };
    List<FutureTask<Integer>> tasks = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      tasks.add(task(part, () -> {}, together));
    }
    for (FutureTask<Integer> task : tasks) {
      assertEquals(ROUNDS, task.get());
    }
    assertAllRounds(111);
    assertEquals(Collections.nCopies(ROUNDS, 3), pushedTogether);
  }

  @Test
  void taskThatComesLateIsWaitedFor() throws Exception {
    rounds.begin(job, 2);
    CompletableFuture<Void> pushed = new CompletableFuture<>();
    FutureTask<Integer> first =
        task(0, () -> complete(pushed, !pushedTogether.isEmpty()), round -> {});
    pushed.get();
    FutureTask<Integer> second = task(1);
    assertEquals(ROUNDS, first.get());
    assertEquals(ROUNDS, second.get());
    assertAllRounds(11);
  }

  private static void complete(CompletableFuture<Void> future, boolean now) {
    if (now) {
      future.complete(null);
    }
  }

  @Test
  void attemptThatIsKilledIsReplacedByAnother() throws Exception {
    rounds.begin(job, 2);
    RoundHook dieAtFifty =
        round -> {
          if (round == 50) {
            throw new IllegalStateException("killed");
          }
        };
    FutureTask<Integer> other = task(0);
    FutureTask<Integer> first = task(1, () -> {}, dieAtFifty);
    assertThrows(ExecutionException.class, first::get);
    assertFalse(other.isDone());
    FutureTask<Integer> again = task(1);
    assertEquals(ROUNDS, other.get());
    assertEquals(ROUNDS - 50, again.get(), "it goes on with the round it finds");
    assertAllRounds(11);
  }

  @Test
  void speakerThatIsKilledWhileItWaitsIsReplacedByAnotherTask() throws Exception {
    rounds.begin(job, 3);
    AtomicBoolean kill = new AtomicBoolean();
    Runnable check =
        () -> {
          if (kill.get() && Thread.currentThread().getName().equals("part 0")) {
            throw new IllegalStateException("killed");
          }
        };
    FutureTask<Integer> first = task(0, check, round -> {});
    FutureTask<Integer> second = task(1, check, round -> {});
    kill.set(true);
    assertThrows(ExecutionException.class, first::get);
    FutureTask<Integer> again = task(0);
    FutureTask<Integer> third = task(2);
    again.get();
    second.get();
    third.get();
    assertAllRounds(111);
  }

  @Test
  void speculativeCopyOfATaskChangesNothing() throws Exception {
    rounds.begin(job, 2);
    List<FutureTask<Integer>> tasks = List.of(task(0), task(1), task(1), task(0));
    for (FutureTask<Integer> task : tasks) {
      task.get();
    }
    assertAllRounds(11);
  }

  @Test
  void taskOfAJobThatIsOverEnds() throws Exception {
    rounds.begin(job + 1, 2);
    assertEquals(0, task(0).get());
    assertEquals(List.of(), updates);
  }
}
