package io.gradcast.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CalibrationTest {

  /** Bin 7 holds the confidences above 7/15 up to 8/15, bin 14 those above 14/15. */
  @Test
  void expectedErrorIsTheWeightedDistanceOfConfidenceAndAccuracy() {
    Calibration calibration = new Calibration();
    calibration.add(0.5f, true);
    calibration.add(0.5f, false);
    calibration.add(0.5f, false);
    calibration.add(1f, true);
    assertEquals(3, calibration.samples(7));
    assertEquals(0.5, calibration.confidence(7));
    assertEquals(1.0 / 3, calibration.accuracy(7), 1e-15);
    assertEquals(1, calibration.samples(14));
    assertEquals(0.75 * (0.5 - 1.0 / 3), calibration.expectedError(), 1e-15);
  }

  @Test
  void extremesFallIntoTheFirstAndTheLastBin() {
    Calibration calibration = new Calibration();
    calibration.add(0f, false);
    calibration.add(1f, true);
    assertEquals(1, calibration.samples(0));
    assertEquals(1, calibration.samples(Calibration.BINS - 1));
    assertEquals(0, calibration.expectedError());
  }

  @Test
  void partsAddUp() {
    Calibration part = new Calibration();
    part.add(0.25f, true);
    Calibration all = new Calibration();
    all.add(0.25f, false);
    all.add(part);
    assertEquals(2, all.samples(3));
    assertEquals(0.5, all.accuracy(3));
    assertEquals(0.25, all.confidence(3));
  }

  @Test
  void nothingHasNoError() {
    assertTrue(Double.isNaN(new Calibration().expectedError()));
  }
}
