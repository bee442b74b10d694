package io.gradcast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {

  @ParameterizedTest
  @CsvSource({
    "1 epoch, 600, 1 epoch",
    "2 epochs, 1200, 2 epochs",
    "1 epochs, 600, 1 epoch",
    "1 iteration, 1, 1 iteration",
    "500 iterations, 500, 500 iterations",
    "999999999 epochs, 599999999400, 999999999 epochs"
  })
  void intervalIsInEpochsOrIterations(String text, long iterations, String written) {
    Interval interval = Interval.parse("key", text);
    assertEquals(iterations, interval.iterations(600));
    assertEquals(written, interval.toString());
    assertEquals(interval, Interval.parse("key", written));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "epoch", "0 epochs", "-1 epochs", "1.5 epochs", "5 minutes"})
  void anythingElseIsRefused(String text) {
    assertEquals(
        "key: expected a number of epochs or iterations, such as 1 epoch, found " + text,
        assertThrows(GradcastException.class, () -> Interval.parse("key", text)).getMessage());
  }
}
