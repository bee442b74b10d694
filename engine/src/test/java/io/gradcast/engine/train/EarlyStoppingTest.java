package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gradcast.engine.Interval;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.eval.Monitor;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.optim.ReduceOnPlateau;
import io.gradcast.engine.tensor.GradientSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a training ends and what it gives, for measurements that are laid down beforehand. */
class EarlyStoppingTest {

  /** Epochs of three minibatches of ten samples, the last of five. */
  private static final int SAMPLES = 25;

  private final List<float[]> measured = new ArrayList<>();
  private final List<TrainingState> states = new ArrayList<>();

  /** Every gradient is one, so each update takes one rate from every parameter. */
  private static final class Ones implements Exchange {

    private final GradientSum sum = new GradientSum();

    @Override
    public long sampleCount() {
      return SAMPLES;
    }

    @Override
    public int parallelism() {
      return 1;
    }

    @Override
    public void run(
        int epoch, int first, int end, float[] parameters, Consumer<GradientSum> update) {
      for (int minibatch = first; minibatch < end; minibatch++) {
        sum.clear();
        int count = Math.min(10, SAMPLES - 10 * minibatch);
        sum.addLosses(new float[16], count, 1f);
        Arrays.fill(sum.gradient(parameters.length), FixedPoint.of(count));
        update.accept(sum);
      }
    }
  }

  /** An evaluation with this loss and ten times as many errors in a hundred. */
  private static Evaluation evaluation(double value) {
    Evaluation evaluation = new Evaluation(2);
    for (int i = 0; i < 100; i++) {
      evaluation.add(0, i < 10 * value ? 1 : 0, (float) value);
    }
    return evaluation;
  }

  private TrainingResult train(TrainingConfig config, String values, CheckpointPlan plan) {
    List<Double> script =
        Arrays.stream(values.split(" ", -1)).map(Double::valueOf).collect(Collectors.toList());
    int done = plan.from().map(state -> state.measurements().size()).orElse(0);
    measured.clear();
    return new TrainingLoop(
            LocalTrainerTest.SMALL,
            config,
            new Ones(),
            parameters -> {
              measured.add(parameters.clone());
              return evaluation(script.get(done + measured.size() - 1));
            },
            TrainingListener.NONE,
            plan)
        .run();
  }

  private CheckpointPlan keep(long every) {
    return new CheckpointPlan(Optional.empty(), every, states::add);
  }

  private static TrainingConfig config(int epochs, Watch watch) {
    return new TrainingConfig(epochs, 10, 0.125, 1).with(watch);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 5 4 3 2 1 | 5 | 5",
        "1 | 5 4 4 | 3 | 2",
        "1 | 5 6 | 2 | 1",
        "2 | 5 4 4 4 | 4 | 2",
        "2 | 5 4 6 3 6 2 | 6 | 6",
        "2 | 5 6 6 | 3 | 1",
        "3 | 5 4 6 6 3 6 6 6 | 8 | 5",
        "3 | 5 4 6 6 5 | 5 | 2",
        "9 | 5 1 6 7 8 9 | 6 | 2",
        "2 | NaN NaN NaN | 3 | 1",
        "2 | NaN 3 NaN 4 | 4 | 2",
        "2 | NaN NaN 5 4 | 4 | 4",
      })
  void trainingEndsAfterThePatienceWithTheBest(int patience, String values, int ended, int best) {
    int epochs = values.split(" ", -1).length;
    boolean early = ended - best == patience;
    TrainingConfig config =
        config(early ? epochs + 3 : epochs, new Watch(Interval.EPOCH, Monitor.LOSS, patience));
    TrainingResult result = train(config, values, CheckpointPlan.NONE);
    assertEquals(ended, result.measurements().size());
    assertEquals(early, result.stoppedEarly());
    assertEquals(3L * ended, result.iterations());
    assertEquals(best, result.kept().epoch());
    assertArrayEquals(measured.get(best - 1), result.parameters());
    float[] start = LocalTrainerTest.SMALL.initialParameters(1);
    assertEquals(start[0] - 0.375 * best, result.parameters()[0], 1e-6, "as of that moment");
  }

  @Test
  void withoutPatienceTheLastIsGiven() {
    TrainingResult result = train(config(4, Watch.EPOCHS), "1 2 3 4", CheckpointPlan.NONE);
    assertEquals(result.last(), result.kept());
    assertArrayEquals(measured.get(3), result.parameters());
    assertFalse(result.stoppedEarly());
  }

  @Test
  void bestIsGivenWithoutPatienceWhereItIsKept() {
    TrainingResult result =
        train(config(4, Watch.EPOCHS.keepingBest()), "3 1 2 4", CheckpointPlan.NONE);
    assertEquals(12, result.iterations());
    assertEquals(2, result.kept().epoch());
    assertArrayEquals(measured.get(1), result.parameters());
    assertFalse(result.stoppedEarly());
  }

  @Test
  void accuracyIsBetterWhereItIsHigher() {
    Watch watch = new Watch(Interval.EPOCH, Monitor.ACCURACY, 2);
    TrainingResult result = train(config(9, watch), "5 3 4 3", CheckpointPlan.NONE);
    assertEquals(2, result.kept().epoch());
    assertEquals(0.7, result.kept().evaluation().accuracy());
  }

  @Test
  void measurementsComeAtTheIntervalAndAtTheEnd() {
    Watch watch = new Watch(new Interval(4, false), Monitor.LOSS, 0);
    TrainingResult result = train(config(3, watch), "3 2 1", CheckpointPlan.NONE);
    assertEquals(
        List.of("2.4", "3.8", "3.9"),
        result.measurements().stream().map(it -> it.epoch() + "." + it.iteration()).toList());
    Watch twoEpochs = new Watch(new Interval(2, true), Monitor.LOSS, 0);
    assertEquals(
        List.of(6L, 12L, 15L),
        train(config(5, twoEpochs), "3 2 1", CheckpointPlan.NONE).measurements().stream()
            .map(Measurement::iteration)
            .toList());
  }

  /** A longer training has no measurement where a shorter one ends. */
  @Test
  void measurementOfAnEndIsNoPartOfTheState() {
    Watch watch = new Watch(new Interval(2, true), Monitor.LOSS, 2);
    TrainingResult expected = train(config(8, watch), "5 3 4 2", CheckpointPlan.NONE);
    train(config(5, watch), "5 3 1", keep(Long.MAX_VALUE));
    TrainingState end = states.get(0);
    assertEquals(2, end.measurements().size());
    CheckpointPlan goOn = new CheckpointPlan(Optional.of(end), Long.MAX_VALUE, state -> {});
    TrainingResult longer = train(config(8, watch), "5 3 4 2", goOn);
    assertArrayEquals(expected.parameters(), longer.parameters());
    assertEquals(expected.kept().iteration(), longer.kept().iteration());
    TrainingResult again = train(config(5, watch), "5 3 1", goOn);
    assertEquals(15, again.kept().iteration(), "it is made again where the training ends there");
  }

  @Test
  void endedTrainingStaysEndedWithItsBest() {
    Watch watch = new Watch(Interval.EPOCH, Monitor.LOSS, 2);
    TrainingResult expected = train(config(9, watch), "5 3 4 4", keep(1));
    TrainingState end = states.get(states.size() - 1);
    assertEquals(4, end.epoch());
    TrainingResult again =
        train(config(20, watch), "0", new CheckpointPlan(Optional.of(end), 1, state -> {}));
    assertArrayEquals(expected.parameters(), again.parameters());
    assertEquals(2, again.kept().epoch());
  }

  @Test
  void rateFallsWithTheMeasurementsAndIsSaidWithThem() {
    TrainingConfig config = config(6, Watch.EPOCHS).with(new ReduceOnPlateau(0.5, 2));
    TrainingResult result = train(config, "5 6 6 4 4 4", CheckpointPlan.NONE);
    assertEquals(
        List.of(0.125, 0.125, 0.125, 0.0625, 0.0625, 0.0625),
        result.measurements().stream().map(Measurement::learningRate).toList());
    float start = LocalTrainerTest.SMALL.initialParameters(1)[0];
    assertEquals(start - 9 * 0.125 - 9 * 0.0625, result.parameters()[0], 1e-6);
  }
}
