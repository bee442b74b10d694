package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.eval.EpochMetrics;
import io.gradcast.engine.model.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stopped anywhere and gone on with, a training ends as if nothing had been. */
class ResumeTest {

  /** Epochs of four minibatches, the last of which is short. */
  private static final TrainingConfig CONFIG = new TrainingConfig(3, 10, 0.5, 9);

  private static final int SAMPLES = 33;

  private static TrainingResult train(
      TrainingConfig config, TrainingListener listener, CheckpointPlan plan) {
    try (LocalTrainer trainer =
        new LocalTrainer(
            LocalTrainerTest.SMALL,
            config,
            LocalTrainerTest.halves(SAMPLES),
            LocalTrainerTest.halves(40),
            2)) {
      return trainer.train(listener, plan);
    }
  }

  private static List<TrainingState> states(TrainingConfig config, long every) {
    List<TrainingState> states = new ArrayList<>();
    train(config, TrainingListener.NONE, new CheckpointPlan(Optional.empty(), every, states::add));
    return states;
  }

  private static String place(TrainingState state) {
    return state.epoch() + "." + state.minibatch();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 0.1 0.2 0.3 1.0 1.1 1.2 1.3 2.0 2.1 2.2 2.3 3.0",
        "2 | 0.2 1.0 1.2 2.0 2.2 3.0",
        "3 | 0.3 1.2 2.1 3.0",
        "4 | 1.0 2.0 3.0",
        "5 | 1.1 2.2 3.0",
        "8 | 2.0 3.0",
        "9 | 2.1 3.0",
        "12 | 3.0",
        "13 | 3.0",
        "9223372036854775807 | 3.0"
      })
  void statesAreKeptAtEachMultipleOfTheIntervalAndAtTheEnd(long every, String expected) {
    assertEquals(
        List.of(expected.split(" ")),
        states(CONFIG, every).stream().map(ResumeTest::place).toList());
  }

  @Test
  void fromEveryPositionTheEndIsTheSame() {
    TrainingResult undisturbed = train(CONFIG, TrainingListener.NONE, CheckpointPlan.NONE);
    for (TrainingState state : states(CONFIG, 1)) {
      List<Integer> heard = new ArrayList<>();
      List<String> kept = new ArrayList<>();
      TrainingListener listener =
          new TrainingListener() {
            @Override
            public void epochEnded(EpochMetrics metrics) {
              heard.add(metrics.epoch());
            }
          };
      TrainingResult resumed =
          train(
              CONFIG,
              listener,
              new CheckpointPlan(Optional.of(state), 5, next -> kept.add(place(next))));
      assertArrayEquals(undisturbed.parameters(), resumed.parameters(), place(state));
      assertEquals(undisturbed.iterations(), resumed.iterations());
      assertSame(undisturbed.epochs(), resumed.epochs());
      List<Integer> ahead = List.of(1, 2, 3).subList(state.epoch(), 3);
      assertEquals(ahead, heard, "epochs that are done are not heard of again");
      assertEquals(
          List.of("1.1", "2.2", "3.0").stream()
              .filter(place -> place.compareTo(place(state)) > 0)
              .toList(),
          kept,
          "the interval counts from the start of the training");
    }
  }

  private static void assertSame(List<EpochMetrics> expected, List<EpochMetrics> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).epoch(), found.get(i).epoch());
      assertEquals(expected.get(i).trainLoss(), found.get(i).trainLoss());
      assertArrayEquals(expected.get(i).test().counts(), found.get(i).test().counts());
      assertEquals(expected.get(i).test().loss(), found.get(i).test().loss());
    }
  }

  @Test
  void timeAndWorkGoOnToBeCounted() {
    List<TrainingState> states = states(CONFIG, 1);
    TrainingState state = states.get(5);
    List<TrainingState> kept = new ArrayList<>();
    TrainingResult resumed =
        train(
            CONFIG,
            TrainingListener.NONE,
            new CheckpointPlan(Optional.of(state), Long.MAX_VALUE, kept::add));
    TrainingState end = kept.get(0);
    assertEquals(end.nanos() * 1e-9, resumed.seconds());
    assertEquals(
        resumed.seconds(),
        resumed.epochs().stream().mapToDouble(EpochMetrics::seconds).sum(),
        1e-9 * resumed.seconds());
    assertEquals(states.get(3).epochs().get(0).seconds(), resumed.epochs().get(0).seconds());
  }

  @Test
  void moreEpochsGiveWhatALongerTrainingGives() {
    TrainingConfig longer = new TrainingConfig(5, 10, 0.5, 9);
    TrainingResult undisturbed = train(longer, TrainingListener.NONE, CheckpointPlan.NONE);
    for (TrainingState state : states(CONFIG, 6)) {
      TrainingResult resumed =
          train(
              longer,
              TrainingListener.NONE,
              new CheckpointPlan(Optional.of(state), Long.MAX_VALUE, next -> {}));
      assertArrayEquals(undisturbed.parameters(), resumed.parameters(), place(state));
      assertSame(undisturbed.epochs(), resumed.epochs());
    }
  }

  @Test
  void finishedTrainingOnlyGivesItsResult() {
    TrainingResult undisturbed = train(CONFIG, TrainingListener.NONE, CheckpointPlan.NONE);
    TrainingState end = states(CONFIG, Long.MAX_VALUE).get(0);
    TrainingListener deaf =
        new TrainingListener() {
          @Override
          public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
            throw new AssertionError("trained on");
          }
        };
    TrainingResult again =
        train(
            CONFIG,
            deaf,
            new CheckpointPlan(
                Optional.of(end),
                1,
                state -> {
                  throw new AssertionError("kept again");
                }));
    assertArrayEquals(undisturbed.parameters(), again.parameters());
    assertSame(undisturbed.epochs(), again.epochs());
    assertEquals(12, again.iterations());
  }

  @Test
  void trainingDoesNotChangeTheStatesThatItGaveOrGot() {
    List<TrainingState> states = states(CONFIG, 1);
    TrainingState first = states.get(0);
    float[] before = first.parameters().clone();
    assertEquals(0, first.epoch());
    train(
        CONFIG,
        TrainingListener.NONE,
        new CheckpointPlan(Optional.of(first), Long.MAX_VALUE, state -> {}));
    assertArrayEquals(before, first.parameters());
    assertEquals(0, first.epoch());
  }

  @Test
  void whatTheKeeperThrowsEndsTheTraining() {
    CheckpointPlan plan =
        new CheckpointPlan(
            Optional.empty(),
            5,
            state -> {
              throw new IllegalStateException("no space");
            });
    assertThrows(IllegalStateException.class, () -> train(CONFIG, TrainingListener.NONE, plan));
  }
}
