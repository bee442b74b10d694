package io.gradcast.engine.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rates by table: a training of eight epochs of ten minibatches. */
class ScheduleTest {

  private static final int MINIBATCHES = 10;
  private static final int ITERATIONS = 80;

  private static double factor(Schedule schedule, long iteration, Double... monitored) {
    return schedule.factor(iteration, ITERATIONS, MINIBATCHES, List.of(monitored));
  }

  static Stream<Arguments> tables() {
    Interval fourIterations = new Interval(4, false);
    Interval twoEpochs = new Interval(2, true);
    return Stream.of(
        arguments(new ConstantRate(), "0:1 40:1 79:1"),
        arguments(new StepDecay(0.5, 1), "0:1 9:1 10:0.5 19:0.5 20:0.25 79:0.0078125"),
        arguments(new StepDecay(0.1, 3), "0:1 29:1 30:0.1 59:0.1 60:0.01"),
        arguments(new ExponentialDecay(0.25), "0:1 5:0.5 10:0.25 15:0.125 20:0.0625"),
        arguments(new CosineDecay(0), "0:1 20:0.8535533906 40:0.5 60:0.1464466094 79:0.000385"),
        arguments(new CosineDecay(0.2), "0:1 40:0.6 60:0.3171572875"),
        arguments(new WarmUp(fourIterations, new ConstantRate()), "0:0.25 1:0.5 2:0.75 3:1 4:1"),
        arguments(new WarmUp(twoEpochs, new StepDecay(0.5, 1)), "0:0.05 19:1 20:1 29:1 30:0.5"),
        arguments(new WarmUp(twoEpochs, new CosineDecay(0)), "9:0.5 19:1 20:1 50:0.5 79:0.000685"),
        arguments(new WarmUp(new Interval(100, true), new CosineDecay(0)), "0:0.001 79:0.08"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void rateIsThatOfTheTable(Schedule schedule, String table) {
    for (String entry : table.split(" ", -1)) {
      String[] pair = entry.split(":", -1);
      assertEquals(
          Double.parseDouble(pair[1]), factor(schedule, Long.parseLong(pair[0])), 1e-6, entry);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 1",
        "5 | 1",
        "5 6 | 1",
        "5 6 5 | 0.5",
        "5 6 5 5 | 0.5",
        "5 6 5 5 5 | 0.25",
        "5 6 4 6 | 1",
        "5 6 6 4 3 3 | 0.5",
        "5 6 6 4 3 3 3 | 0.25",
        "NaN NaN | 0.5",
        "NaN 3 4 2 | 1",
        "3 NaN NaN 2 | 0.5"
      })
  void plateauIsSoManyMeasurementsInARowWithoutABetterOne(String monitored, double expected) {
    Double[] values =
        Arrays.stream(monitored.split(" ", -1))
            .filter(value -> !value.isEmpty())
            .map(Double::valueOf)
            .toArray(Double[]::new);
    assertEquals(expected, factor(new ReduceOnPlateau(0.5, 2), 3, values));
    assertEquals(
        expected,
        factor(new WarmUp(new Interval(1, false), new ReduceOnPlateau(0.5, 2)), 3, values));
  }

  @Test
  void settingsHaveEveryParameter() {
    assertEquals("{schedule=constant}", new ConstantRate().settings().toString());
    assertEquals(
        "{schedule=step, decay=0.5, decay-after=3}", new StepDecay(0.5, 3).settings().toString());
    assertEquals(
        "{schedule=exponential, decay=0.5}", new ExponentialDecay(0.5).settings().toString());
    assertEquals(
        "{schedule=plateau, decay=0.5, decay-after=3}",
        new ReduceOnPlateau(0.5, 3).settings().toString());
    assertEquals(
        "{schedule=cosine, decay-floor=0.5, warm-up=1 epoch}",
        new WarmUp(Interval.EPOCH, new CosineDecay(0.5)).settings().toString());
  }

  @Test
  void whatRatesDependOnIsSaidThroughAWarmUpToo() {
    for (Schedule schedule : List.of(new CosineDecay(0), new ReduceOnPlateau(0.5, 2))) {
      boolean cosine = schedule instanceof CosineDecay;
      for (Schedule same : List.of(schedule, new WarmUp(Interval.EPOCH, schedule))) {
        assertEquals(cosine, same.dependsOnEnd());
        assertEquals(!cosine, same.dependsOnMeasurements());
      }
    }
  }

  private static void refused(String sentence, Executable made) {
    assertEquals(sentence, assertThrows(GradcastException.class, made).getMessage());
  }

  @Test
  void parametersAreRefusedByTheirKeys() {
    refused("decay: expected a number above 0, found 0.0", () -> new StepDecay(0, 1));
    refused("decay-after: expected an integer of 1 or more, found 0", () -> new StepDecay(1, 0));
    refused("decay: expected a number above 0, found NaN", () -> new ExponentialDecay(Double.NaN));
    refused("decay-floor: expected a number from 0, below 1, found 1.0", () -> new CosineDecay(1));
    refused("decay: expected a number above 0, found -1.0", () -> new ReduceOnPlateau(-1, 1));
    refused(
        "decay-after: expected an integer of 1 or more, found 0",
        () -> new ReduceOnPlateau(0.5, 0));
  }
}
