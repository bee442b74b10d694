package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Interval;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.eval.Monitor;
import io.gradcast.engine.model.Checkpoint;
import io.gradcast.engine.model.CheckpointFile;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.optim.Adam;
import io.gradcast.engine.optim.AdamW;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.CosineDecay;
import io.gradcast.engine.optim.ExponentialDecay;
import io.gradcast.engine.optim.Momentum;
import io.gradcast.engine.optim.Nesterov;
import io.gradcast.engine.optim.ReduceOnPlateau;
import io.gradcast.engine.optim.Sgd;
import io.gradcast.engine.optim.StepDecay;
import io.gradcast.engine.optim.WarmUp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
            public void measured(Measurement measurement) {
              heard.add(measurement.epoch());
            }
          };
      TrainingResult resumed =
          train(
              CONFIG,
              listener,
              new CheckpointPlan(Optional.of(state), 5, next -> kept.add(place(next))));
      assertArrayEquals(undisturbed.parameters(), resumed.parameters(), place(state));
      assertEquals(undisturbed.iterations(), resumed.iterations());
      assertSame(undisturbed.measurements(), resumed.measurements());
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

  private static void assertSame(List<Measurement> expected, List<Measurement> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).epoch(), found.get(i).epoch());
      assertEquals(expected.get(i).iteration(), found.get(i).iteration());
      assertEquals(expected.get(i).learningRate(), found.get(i).learningRate());
      assertEquals(expected.get(i).trainLoss(), found.get(i).trainLoss());
      assertEquals(expected.get(i).trainAccuracy(), found.get(i).trainAccuracy());
      assertArrayEquals(expected.get(i).evaluation().counts(), found.get(i).evaluation().counts());
      assertEquals(expected.get(i).evaluation().loss(), found.get(i).evaluation().loss());
    }
  }

  /** Every optimizer, schedule and kind of measurement, alone and together. */
  static Stream<TrainingConfig> configurations() {
    Interval threeIterations = new Interval(3, false);
    Interval fiveIterations = new Interval(5, false);
    return Stream.of(
        CONFIG.with(new Sgd(0.01)),
        CONFIG.with(new Momentum(0.9, 0.01)),
        CONFIG.with(new Nesterov(0.9, 0)),
        CONFIG.with(new Adam(0.9, 0.999, 1e-8, 0)),
        CONFIG.with(new AdamW(0.8, 0.99, 1e-8, 0.1)),
        CONFIG.with(new StepDecay(0.5, 1)),
        CONFIG.with(new ExponentialDecay(0.7)),
        CONFIG.with(new CosineDecay(0.1)),
        CONFIG.with(new WarmUp(fiveIterations, new CosineDecay(0))),
        CONFIG.with(new ReduceOnPlateau(0.5, 1)).with(new Watch(threeIterations, Monitor.LOSS, 0)),
        CONFIG.with(new Clipping(0.1, 0.01)),
        CONFIG.with(new Watch(fiveIterations, Monitor.ACCURACY, 0)),
        CONFIG.with(new Watch(fiveIterations, Monitor.LOSS, 0).keepingBest()),
        CONFIG.with(new Watch(new Interval(2, true), Monitor.LOSS, 1)),
        CONFIG.with(new Watch(threeIterations, Monitor.ACCURACY, 2)).withValidation(0.2),
        CONFIG
            .with(new Adam(0.9, 0.99, 1e-8, 0.01))
            .with(new WarmUp(threeIterations, new ReduceOnPlateau(0.5, 1)))
            .with(new Clipping(0.5, 1))
            .with(new Watch(new Interval(1, false), Monitor.LOSS, 3))
            .withValidation(0.3));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void fromEveryPositionAndThroughAFileTheEndIsTheSame(TrainingConfig config) throws IOException {
    TrainingResult undisturbed = train(config, TrainingListener.NONE, CheckpointPlan.NONE);
    for (TrainingState state : states(config, 1)) {
      TrainingResult resumed =
          train(
              config,
              TrainingListener.NONE,
              new CheckpointPlan(
                  Optional.of(throughAFile(config, state)), Long.MAX_VALUE, next -> {}));
      assertArrayEquals(undisturbed.parameters(), resumed.parameters(), place(state));
      assertEquals(undisturbed.iterations(), resumed.iterations());
      assertEquals(undisturbed.kept().iteration(), resumed.kept().iteration());
      assertSame(undisturbed.measurements(), resumed.measurements());
    }
  }

  private static TrainingState throughAFile(TrainingConfig config, TrainingState state)
      throws IOException {
    long samples = config.validation() > 0 ? config.split(SAMPLES).trainingCount() : SAMPLES;
    Provenance provenance = config.provenance(Fingerprint.EMPTY, samples, Fingerprint.EMPTY);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointFile.write(new Checkpoint(LocalTrainerTest.SMALL, provenance, state), out);
    Checkpoint checkpoint =
        CheckpointFile.read(new ByteArrayInputStream(out.toByteArray()), out.size(), "a");
    checkpoint.requireContinuedBy(LocalTrainerTest.SMALL, provenance, "a");
    return checkpoint.state();
  }

  @Test
  void stateOfAnotherOptimizerIsRefused() {
    TrainingState state = states(CONFIG, 1).get(0);
    CheckpointPlan plan = new CheckpointPlan(Optional.of(state), 1, next -> {});
    assertEquals(
        "state of a training: expected the arrays [velocity], found []",
        assertThrows(
                GradcastException.class,
                () -> train(CONFIG.with(new Momentum(0.9, 0)), TrainingListener.NONE, plan))
            .getMessage());
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
        resumed.measurements().stream().mapToDouble(Measurement::seconds).sum(),
        1e-9 * resumed.seconds());
    assertEquals(
        states.get(3).measurements().get(0).seconds(), resumed.measurements().get(0).seconds());
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
      assertSame(undisturbed.measurements(), resumed.measurements());
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
    assertSame(undisturbed.measurements(), again.measurements());
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
