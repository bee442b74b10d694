package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.Interval;
import io.gradcast.engine.eval.Monitor;
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
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.Watch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Which configuration follows from the settings, and which settings do not go together. */
class TrainingSettingsTest {

  private static TrainingConfig config(String... arguments) {
    return TrainingSettings.of(
        Settings.of(new CommandLine(new TrainCommand()).parseArgs(arguments)));
  }

  @Test
  void defaultsAreThoseOfPlainGradientDescent() {
    assertEquals(new TrainingConfig(30, 50, 1.0, 1), config());
  }

  @Test
  void optimizersHaveTheirDefaults() {
    assertEquals(new Sgd(), config("--optimizer=sgd").optimizer());
    assertEquals(new Momentum(0.9, 0), config("--optimizer=momentum").optimizer());
    assertEquals(new Nesterov(0.9, 0), config("--optimizer=nesterov").optimizer());
    assertEquals(new Adam(0.9, 0.999, 1e-8, 0), config("--optimizer=adam").optimizer());
    assertEquals(new AdamW(0.9, 0.999, 1e-8, 0.01), config("--optimizer=adamw").optimizer());
  }

  @Test
  void optimizersTakeTheirSettings() {
    assertEquals(new Sgd(0.1), config("--weight-decay=0.1").optimizer());
    assertEquals(
        new Nesterov(0.8, 0.1),
        config("--optimizer=nesterov", "--momentum=0.8", "--weight-decay=0.1").optimizer());
    String[] moments = {"--beta1=0.8", "--beta2=0.9", "--epsilon=1e-6", "--weight-decay=0"};
    assertEquals(new Adam(0.8, 0.9, 1e-6, 0), config(with(moments, "adam")).optimizer());
    assertEquals(new AdamW(0.8, 0.9, 1e-6, 0), config(with(moments, "adamw")).optimizer());
  }

  private static String[] with(String[] arguments, String optimizer) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--optimizer=" + optimizer;
    return all;
  }

  @ParameterizedTest
  @CsvSource({"sgd, 1", "momentum, 0.1", "nesterov, 0.1", "adam, 0.001", "adamw, 0.001"})
  void learningRateSuitsTheOptimizerWhereNoneIsGiven(String optimizer, double rate) {
    assertEquals(rate, config("--optimizer=" + optimizer).learningRate());
    assertEquals(0.5, config("--optimizer=" + optimizer, "--learning-rate=0.5").learningRate());
  }

  @Test
  void schedulesHaveTheirDefaultsAndTakeTheirSettings() {
    assertEquals(new StepDecay(0.1, 10), config("--schedule=step").schedule());
    assertEquals(new ExponentialDecay(0.95), config("--schedule=exponential").schedule());
    assertEquals(new CosineDecay(0), config("--schedule=cosine").schedule());
    assertEquals(new ReduceOnPlateau(0.1, 10), config("--schedule=plateau").schedule());
    assertEquals(
        new StepDecay(0.5, 3),
        config("--schedule=step", "--decay=0.5", "--decay-after=3").schedule());
    assertEquals(
        new WarmUp(new Interval(2, true), new CosineDecay(0.1)),
        config("--schedule=cosine", "--decay-floor=0.1", "--warm-up=2 epochs").schedule());
    assertEquals(
        new ReduceOnPlateau(0.5, 3),
        config("--schedule=plateau", "--decay=0.5", "--decay-after=3").schedule());
  }

  @Test
  void clippingAndMeasurementsTakeTheirSettings() {
    assertEquals(new Clipping(2, Double.POSITIVE_INFINITY), config("--clip-norm=2").clipping());
    assertEquals(new Clipping(2, 0.5), config("--clip-norm=2", "--clip-value=0.5").clipping());
    assertEquals(
        new Watch(new Interval(5, false), Monitor.ACCURACY, 4),
        config("--evaluate-every=5 iterations", "--monitor=accuracy", "--patience=4").watch());
    assertEquals(
        Monitor.ACCURACY, config("--monitor=accuracy", "--schedule=plateau").watch().monitor());
  }

  @Test
  void validationIsAPartOrAFolder() {
    assertEquals(0, config().validation());
    assertEquals(0.1, config("--validation=0.1").validation());
    assertEquals(0, config("--validation=hdfs:///a/0.1").validation());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--optimizer=rprop | optimizer: expected one of sgd, momentum, nesterov, adam, adamw,"
            + " found rprop",
        "--schedule=linear | schedule: expected one of constant, step, exponential, cosine,"
            + " plateau, found linear",
        "--monitor=f1 | monitor: expected one of loss, accuracy, found f1",
        "--momentum=0.9 | momentum: expected none with optimizer = sgd, found 0.9",
        "--optimizer=adam --momentum=0.9 | momentum: expected none with optimizer = adam, found"
            + " 0.9",
        "--optimizer=momentum --beta1=0.9 | beta1: expected none with optimizer = momentum, found"
            + " 0.9",
        "--beta2=0.9 | beta2: expected none with optimizer = sgd, found 0.9",
        "--epsilon=1 | epsilon: expected none with optimizer = sgd, found 1",
        "--decay=0.5 | decay: expected none with schedule = constant, found 0.5",
        "--schedule=cosine --decay=0.5 | decay: expected none with schedule = cosine, found 0.5",
        "--schedule=exponential --decay-after=2 | decay-after: expected none with schedule ="
            + " exponential, found 2",
        "--schedule=step --decay-floor=0 | decay-floor: expected none with schedule = step, found"
            + " 0",
        "--schedule=step --decay-after=0 | decay-after: expected an integer of 1 or more, found 0",
        "--monitor=accuracy | monitor: expected patience or schedule = plateau, which go by it,"
            + " found neither",
        "--weight-decay=-1 | weight-decay: expected a number of 0 or more, found -1.0",
        "--clip-norm=0 | clip-norm: expected a number above 0, found 0.0",
        "--clip-value=big | clip-value: expected a number, found big",
        "--patience=-1 | patience: expected an integer of 0 or more, found -1",
        "--validation=0 | validation: expected a part of the data, above 0 and below 1, found 0",
        "--validation=1 | validation: expected a part of the data, above 0 and below 1, found 1.0",
        "--warm-up=3 | warm-up: expected a number of epochs or iterations, such as 1 epoch, found"
            + " 3",
        "--evaluate-every=0 | evaluate-every: expected a number of epochs or iterations, such as 1"
            + " epoch, found 0",
      })
  void whatMakesNoSenseIsRefused(String arguments, String sentence) {
    GradcastException e =
        assertThrows(GradcastException.class, () -> config(arguments.split(" ", -1)));
    assertEquals(sentence, e.getMessage());
    assertEquals(Kind.USAGE, e.kind());
  }
}
