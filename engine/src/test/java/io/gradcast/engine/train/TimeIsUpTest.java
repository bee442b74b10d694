package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.Interval;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.eval.Monitor;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.optim.Adam;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training whose time is up ends at that update, and can be gone on with as if it had not. */
class TimeIsUpTest {

  /** Epochs of four minibatches, measured after each third, with a state and the best. */
  private static final TrainingConfig CONFIG =
      new TrainingConfig(3, 10, 0.05, 9)
          .with(new Adam(0.9, 0.99, 1e-8, 0))
          .with(new Watch(new Interval(3, false), Monitor.LOSS, 0).keepingBest());

  private static final int ITERATIONS = 12;

  private final List<TrainingState> states = new ArrayList<>();

  private static TrainingResult train(
      TrainingConfig config, TrainingListener listener, CheckpointPlan plan) {
    try (LocalTrainer trainer =
        new LocalTrainer(
            LocalTrainerTest.SMALL,
            config,
            LocalTrainerTest.halves(33),
            LocalTrainerTest.halves(40),
            2)) {
      return trainer.train(listener, plan);
    }
  }

  /** Counts what its time is up by. */
  private static final class Clock implements TrainingListener {

    private int updates;
    private int measurements;

    @Override
    public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
      updates++;
    }

    @Override
    public void measured(Measurement measurement) {
      measurements++;
    }
  }

  /** Trains for so many updates, keeping what it ends with. */
  private TrainingResult trainFor(int updates, TrainingConfig config, TrainingState from) {
    Clock clock = new Clock();
    states.clear();
    return train(
        config,
        clock,
        new CheckpointPlan(Optional.ofNullable(from), Long.MAX_VALUE, states::add)
            .until(() -> clock.updates >= updates));
  }

  private static List<Long> iterations(TrainingResult result) {
    return result.measurements().stream().map(Measurement::iteration).toList();
  }

  @Test
  void fromWhereverItsTimeWasUpTheEndIsTheSame() {
    TrainingResult undisturbed = train(CONFIG, TrainingListener.NONE, CheckpointPlan.NONE);
    for (int updates = 1; updates < ITERATIONS; updates++) {
      TrainingResult stopped = trainFor(updates, CONFIG, null);
      assertEquals(updates, stopped.iterations());
      assertTrue(stopped.outOfTime());
      assertFalse(stopped.stoppedEarly());
      assertEquals(updates, stopped.last().iteration(), "its last parameters are measured");
      assertEquals(1, states.size());
      TrainingState state = states.get(0);
      assertEquals(updates / 3, state.measurements().size(), "only those at the interval");
      TrainingResult resumed = trainFor(ITERATIONS - updates, CONFIG, state);
      assertFalse(resumed.outOfTime(), "there was just enough of it");
      assertArrayEquals(undisturbed.parameters(), resumed.parameters());
      assertEquals(iterations(undisturbed), iterations(resumed));
      assertEquals(undisturbed.last().trainLoss(), resumed.last().trainLoss());
    }
  }

  @Test
  void aStepAtATimeEndsAsInOneGo() {
    TrainingResult undisturbed = train(CONFIG, TrainingListener.NONE, CheckpointPlan.NONE);
    TrainingResult result = trainFor(1, CONFIG, null);
    while (result.outOfTime()) {
      result = trainFor(1, CONFIG, states.get(0));
    }
    assertArrayEquals(undisturbed.parameters(), result.parameters());
    assertEquals(ITERATIONS, result.iterations());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 11})
  void bestOfTheTimeThatWasIsGiven(int updates) {
    TrainingResult result = trainFor(updates, CONFIG, null);
    double least =
        result.measurements().stream().mapToDouble(it -> it.evaluation().loss()).min().orElse(0);
    assertEquals(least, result.kept().evaluation().loss());
    try (LocalTrainer trainer =
        new LocalTrainer(
            LocalTrainerTest.SMALL,
            CONFIG,
            LocalTrainerTest.halves(33),
            LocalTrainerTest.halves(40),
            1)) {
      assertEquals(least, trainer.evaluate(result.parameters()).loss());
    }
  }

  @Test
  void timeThatAMeasurementTakesCounts() {
    Clock clock = new Clock();
    TrainingResult result =
        train(CONFIG, clock, CheckpointPlan.NONE.until(() -> clock.measurements > 0));
    assertTrue(result.outOfTime());
    assertEquals(List.of(3L), iterations(result));
  }

  /** Rate so small that nothing gets better: the third measurement ends it. */
  @Test
  void trainingThatEndsOnItsOwnIsNotOutOfTime() {
    TrainingConfig config =
        new TrainingConfig(9, 10, 1e-30, 9).with(new Watch(Interval.EPOCH, Monitor.LOSS, 2));
    TrainingResult early = trainFor(12, config, null);
    assertTrue(early.stoppedEarly());
    assertFalse(early.outOfTime());
    TrainingResult late = trainFor(11, config, null);
    assertFalse(late.stoppedEarly(), "the measurement of its end does not count for that");
    assertTrue(late.outOfTime());
  }
}
