package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.exchange.ExchangeKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdviceTest {

  /** A thousand iterations of 10 ms. */
  private static TrainingResult result(double overheadShare) {
    return new TrainingResult(
        new float[0], List.of(), null, false, false, 1000, 10, 5000, overheadShare);
  }

  @Test
  void nothingIsSaidWhereHalfTheTimeWasArithmetic() {
    assertEquals("", Advice.of(result(0.5), 50, 60_000, ExchangeKind.TREE));
  }

  @Test
  void batchIsNamedWhoseArithmeticIsFourTimesTheOverhead() {
    // 8 ms of overhead; 2 ms of arithmetic for 50 samples, so 32 ms for 800.
    assertEquals(
        "Advice         of 10.0 ms an iteration the exchange took 8.0; batches of 800 would bring"
            + " that below 20 %, with fewer updates an epoch (docs/SCALING.md)\n",
        Advice.of(result(0.8), 50, 60_000, ExchangeKind.RESIDENT));
  }

  @Test
  void batchIsRoundedUpToTwoDigitsAndTheTreeComparedWithResident() {
    assertEquals(
        "Advice         of 10.0 ms an iteration the exchange took 9.0; batches of 1,900 would bring"
            + " that below 20 %, with fewer updates an epoch; --exchange resident costs less"
            + " (docs/SCALING.md)\n",
        Advice.of(result(0.9), 51, 60_000, ExchangeKind.TREE));
  }

  @Test
  void batchLargerThanTheDataIsNotNamed() {
    assertEquals(
        "Advice         of 10.0 ms an iteration the exchange took 9.0; the data are too few for so"
            + " many cores (docs/SCALING.md)\n",
        Advice.of(result(0.9), 50, 1_800, ExchangeKind.RESIDENT));
  }
}
