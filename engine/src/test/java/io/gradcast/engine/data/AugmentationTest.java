package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentationTest {

  @Test
  void settingsAreThoseThatAreOn() {
    assertEquals(
        Map.of(
            "augment-shift", 2.0,
            "augment-rotate", 10.0,
            "augment-scale", 0.1,
            "augment-flip", "true",
            "augment-erase", 0.25,
            "augment-elastic", 1.5),
        new Augmentation(2, 10, 0.1, true, 0.25, 1.5).settings());
    assertEquals(
        Map.of("augment-rotate", 15.0), new Augmentation(0, 15, 0, false, 0, 0).settings());
    assertEquals(Map.of(), Augmentation.NONE.settings());
  }

  @Test
  void isOffWhereAllStrengthsAreZero() {
    assertTrue(Augmentation.NONE.isOff());
    assertTrue(new Augmentation(-0.0, 0, 0, false, -0.0, 0).isOff());
    assertFalse(new Augmentation(0, 0, 0, true, 0, 0).isOff());
    assertFalse(new Augmentation(0, 0, 0, false, 0, 1e-9).isOff());
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0, 0, 0, 'augment-shift: expected a number of pixels of 0 or more, found -1.0'",
    "Infinity, 0, 0, 0, 0, 'augment-shift: expected a number of pixels of 0 or more, found Inf'",
    "0, 180.5, 0, 0, 0, 'augment-rotate: expected degrees from 0 to 180, found 180.5'",
    "0, 0, 1, 0, 0, 'augment-scale: expected a share of 0 or more and below 1, found 1.0'",
    "0, 0, 0, 1.1, 0, 'augment-erase: expected a share from 0 to 1, found 1.1'",
    "0, 0, 0, 0, NaN, 'augment-elastic: expected a number of pixels of 0 or more, found NaN'",
  })
  void senselessStrengthIsRefused(
      double shift, double rotate, double scale, double erase, double elastic, String sentence) {
    GradcastException thrown =
        assertThrows(
            GradcastException.class,
            () -> new Augmentation(shift, rotate, scale, false, erase, elastic));
    assertEquals(GradcastException.Kind.USAGE, thrown.kind());
    assertTrue(thrown.getMessage().startsWith(sentence), thrown.getMessage());
  }
}
