package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Interval;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.eval.Monitor;
import io.gradcast.engine.optim.AdamW;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.CosineDecay;
import io.gradcast.engine.optim.ReduceOnPlateau;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provenance says of a configuration: all that decides bytes, and nothing else. */
class TrainingConfigTest {

  private static final TrainingConfig PLAIN = new TrainingConfig(3, 10, 0.5, 9);

  private static String settings(TrainingConfig config) {
    return config.provenance(Fingerprint.EMPTY, 100, new Fingerprint(1, 2)).settings().toString();
  }

  @Test
  void plainGradientDescentHasNoFurtherSettings() {
    assertEquals("{}", settings(PLAIN));
  }

  @Test
  void measurementsThatDecideNothingAreNotThere() {
    assertEquals(
        "{}", settings(PLAIN.with(new Watch(new Interval(7, false), Monitor.ACCURACY, 0))));
  }

  @Test
  void everySettingThatDecidesIsThere() {
    assertEquals(
        "{beta1=0.9, beta2=0.99, clip-norm=1.0, epsilon=1.0E-8, optimizer=adamw,"
            + " validation=0.25, weight-decay=0.1}",
        settings(
            PLAIN
                .with(new AdamW(0.9, 0.99, 1e-8, 0.1))
                .with(new Clipping(1, Double.POSITIVE_INFINITY))
                .withValidation(0.25)));
  }

  @Test
  void epochsAreASettingWhereTheRateDependsOnThem() {
    assertEquals(
        "{decay-floor=0.0, epochs=3, schedule=cosine}", settings(PLAIN.with(new CosineDecay(0))));
  }

  @Test
  void measurementsThatDecideAreThereWithTheirData() {
    String watched = "watched-fingerprint=00000000000000010000000000000002";
    assertEquals(
        "{evaluate-every=1 epoch, monitor=accuracy, patience=4, %s}".formatted(watched),
        settings(PLAIN.with(new Watch(Interval.EPOCH, Monitor.ACCURACY, 4))));
    assertEquals(
        ("{decay=0.5, decay-after=2, evaluate-every=1 epoch, monitor=loss, patience=0,"
                + " schedule=plateau, %s}")
            .formatted(watched),
        settings(PLAIN.with(new ReduceOnPlateau(0.5, 2))));
  }

  @Test
  void keptBestIsSaidWhereThePatienceDoesNotSayIt() {
    Watch watch = new Watch(Interval.EPOCH, Monitor.LOSS, 0).keepingBest();
    assertEquals(
        "{evaluate-every=1 epoch, keep-best=true, monitor=loss, patience=0,"
            + " watched-fingerprint=00000000000000010000000000000002}",
        settings(PLAIN.with(watch)));
    Watch patient = new Watch(Interval.EPOCH, Monitor.LOSS, 4);
    assertEquals(settings(PLAIN.with(patient)), settings(PLAIN.with(patient.keepingBest())));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 2, Double.NaN})
  void whatIsHeldOutIsAPart(double part) {
    assertEquals(
        "validation: expected a part of the data, above 0 and below 1, found " + part,
        assertThrows(GradcastException.class, () -> PLAIN.withValidation(part)).getMessage());
  }

  @Test
  void patienceIsNotNegative() {
    assertThrows(GradcastException.class, () -> new Watch(Interval.EPOCH, Monitor.LOSS, -1));
  }
}
