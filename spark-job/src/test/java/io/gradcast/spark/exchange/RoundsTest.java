package io.gradcast.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.tensor.GradientSum;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver's side of resident tasks: what comes late, twice or out of step changes nothing. */
class RoundsTest {

  private static final long JOB = 7;

  private final float[] parameters = {0};
  private final List<Long> updates = new ArrayList<>();
  private final Rounds rounds = new Rounds(3, 5, parameters, this::update);

  private void update(GradientSum sum) {
    updates.add(sum.gradient(1)[0]);
    parameters[0]++;
  }

  @BeforeEach
  void beginJob() {
    rounds.begin(JOB, 2);
  }

  private Answer ask(int round) {
    return rounds.receive(new Ask(JOB, round, new int[0], new GradientSum()));
  }

  private Answer push(int round, long value, int... parts) {
    GradientSum sum = new GradientSum();
    sum.gradient(1)[0] = value;
    return rounds.receive(new Ask(JOB, round, parts, sum));
  }

  @Test
  void taskThatBeginsGetsTheCurrentRoundAndItsParameters() {
    Answer answer = ask(Ask.NONE);
    assertEquals(3, answer.round());
    assertArrayEquals(new float[] {0}, answer.parameters());
  }

  @Test
  void lastSumOfARoundIsAnsweredWithTheNextRound() {
    Answer hold = push(3, 10, 0);
    assertEquals(3, hold.round());
    assertTrue(hold.waitNanos() > 0);
    Answer next = push(3, 32, 1);
    assertEquals(4, next.round());
    assertArrayEquals(new float[] {1}, next.parameters());
    assertEquals(List.of(42L), updates);
    assertEquals(4, ask(3).round(), "for who waits");
  }

  @Test
  void roundsEndBehindTheLast() {
    push(3, 1, 0, 1);
    assertFalse(rounds.isOver());
    assertEquals(Answer.OVER, push(4, 2, 1, 0).round());
    assertTrue(rounds.isOver());
    assertEquals(List.of(1L, 2L), updates);
    assertEquals(Answer.OVER, ask(4).round());
    assertEquals(Answer.OVER, push(4, 2, 1, 0).round());
    assertEquals(2, updates.size());
  }

  @Test
  void partThatHasGivenItsSumIsNotAddedAgain() {
    push(3, 10, 0);
    Answer again = push(3, 10, 0);
    assertArrayEquals(new int[] {0}, again.known());
    Answer both = push(3, 42, 0, 1);
    assertArrayEquals(new int[] {0}, both.known(), "the sum of both cannot be taken apart");
    assertEquals(List.of(), updates);
    push(3, 32, 1);
    assertEquals(List.of(42L), updates);
  }

  @Test
  void sumOfAnEarlierRoundIsIgnoredAndItsTaskBroughtUpToDate() {
    push(3, 1, 0, 1);
    Answer late = push(3, 99, 0);
    assertEquals(4, late.round());
    assertArrayEquals(new float[] {1}, late.parameters());
    push(4, 2, 0, 1);
    assertEquals(List.of(1L, 2L), updates);
  }

  @Test
  void taskOfAnEarlierJobIsTurnedAwayAndItsSumForgotten() {
    push(3, 10, 0);
    rounds.begin(JOB + 1, 1);
    assertEquals(Answer.OVER, push(3, 32, 1).round());
    assertEquals(Answer.OVER, ask(3).round());
    GradientSum whole = new GradientSum();
    whole.gradient(1)[0] = 42;
    rounds.receive(new Ask(JOB + 1, 3, new int[] {0}, whole));
    assertEquals(List.of(42L), updates, "the new job gives all of the round again");
  }

  @Test
  void whatAnUpdateThrowsEndsTheRounds() {
    IllegalStateException failure = new IllegalStateException("no");
    Rounds failing =
        new Rounds(
            0,
            2,
            parameters,
            sum -> {
              throw failure;
            });
    failing.begin(JOB, 1);
    Ask push = new Ask(JOB, 0, new int[] {0}, new GradientSum());
    assertEquals(Answer.OVER, failing.receive(push).round());
    assertTrue(failing.isOver());
    assertSame(failure, failing.failure());
  }
}
