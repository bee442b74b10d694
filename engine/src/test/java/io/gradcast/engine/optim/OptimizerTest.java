package io.gradcast.engine.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What optimizers and clipping take and what they say of themselves. */
class OptimizerTest {

  private static void refused(String sentence, Executable made) {
    GradcastException e = assertThrows(GradcastException.class, made);
    assertEquals(sentence, e.getMessage());
    assertEquals(Kind.USAGE, e.kind());
  }

  @Test
  void hyperparametersAreRefusedByTheirKeys() {
    String decay = "weight-decay: expected a number of 0 or more, found ";
    String share = ": expected a number from 0, below 1, found ";
    refused(decay + "-0.1", () -> new Sgd(-0.1));
    refused(decay + "NaN", () -> new Sgd(Double.NaN));
    refused(decay + "Infinity", () -> new Momentum(0.9, Double.POSITIVE_INFINITY));
    refused("momentum" + share + "1.0", () -> new Momentum(1, 0));
    refused("momentum" + share + "-0.5", () -> new Nesterov(-0.5, 0));
    refused(decay + "-1.0", () -> new Nesterov(0.5, -1));
    refused("beta1" + share + "1.0", () -> new Adam(1, 0.9, 1e-8, 0));
    refused("beta2" + share + "NaN", () -> new Adam(0.9, Double.NaN, 1e-8, 0));
    refused("epsilon: expected a number above 0, found 0.0", () -> new Adam(0.9, 0.9, 0, 0));
    refused(decay + "-1.0", () -> new Adam(0.9, 0.9, 1, -1));
    refused("beta1" + share + "2.0", () -> new AdamW(2, 0.9, 1e-8, 0));
    refused("beta2" + share + "-1.0", () -> new AdamW(0.9, -1, 1e-8, 0));
    refused("epsilon: expected a number above 0, found -1.0", () -> new AdamW(0.9, 0.9, -1, 0));
    refused(decay + "-2.0", () -> new AdamW(0.9, 0.9, 1, -2));
    refused("clip-norm: expected a number above 0, found 0.0", () -> new Clipping(0, 1));
    refused("clip-value: expected a number above 0, found NaN", () -> new Clipping(1, Double.NaN));
  }

  @Test
  void powersAreThoseOfTheMathematicsLibrary() {
    for (long exponent : new long[] {0, 1, 2, 3, 10, 777, 1000, 65_535}) {
      double expected = Math.pow(0.999, (double) exponent);
      assertEquals(expected, Hyperparameters.power(0.999, exponent), 1e-11 * expected);
    }
    assertEquals(0, Hyperparameters.power(0.9, Long.MAX_VALUE));
    assertEquals(1, Hyperparameters.power(0, 0));
  }

  @Test
  void settingsHaveEveryHyperparameter() {
    assertEquals("{optimizer=sgd, weight-decay=0.5}", new Sgd(0.5).settings().toString());
    assertEquals(
        "{optimizer=momentum, momentum=0.9, weight-decay=0.0}",
        new Momentum(0.9, 0).settings().toString());
    assertEquals(
        "{optimizer=nesterov, momentum=0.8, weight-decay=0.1}",
        new Nesterov(0.8, 0.1).settings().toString());
    assertEquals(
        "{optimizer=adam, beta1=0.9, beta2=0.99, epsilon=0.125, weight-decay=0.0}",
        new Adam(0.9, 0.99, 0.125, 0).settings().toString());
    assertEquals(
        "{optimizer=adamw, beta1=0.9, beta2=0.99, epsilon=0.125, weight-decay=0.5}",
        new AdamW(0.9, 0.99, 0.125, 0.5).settings().toString());
    assertEquals("{}", Clipping.NONE.settings().toString());
    assertEquals("{clip-norm=1.0, clip-value=0.5}", new Clipping(1, 0.5).settings().toString());
  }
}
