package io.gradcast.spark.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.PairedCounts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each rule lets a challenger through, and holds the champion. */
class GateTest {

  private static final Gate OPEN =
      new Gate(0, 0, Map.of(), 0, Long.MAX_VALUE, Double.POSITIVE_INFINITY);

  /** Of 10 cats 9 are found, of 10 dogs 7: an accuracy of 0.8. */
  private static Evaluation evaluation() {
    Evaluation evaluation = new Evaluation(2);
    add(evaluation, 0, 0, 9);
    add(evaluation, 0, 1, 1);
    add(evaluation, 1, 1, 7);
    add(evaluation, 1, 0, 3);
    return evaluation;
  }

  private static void add(Evaluation evaluation, int label, int predicted, int times) {
    for (int i = 0; i < times; i++) {
      evaluation.add(label, predicted, 0.1f);
    }
  }

  private static Gate.Challenger challenger(PairedCounts paired) {
    return new Gate.Challenger(
        evaluation(), List.of("cat", "dog"), Optional.ofNullable(paired), 1000, 0.5);
  }

  /** As many right as the champion. */
  private static final PairedCounts EVEN = new PairedCounts(14, 2, 2, 2);

  private static void assertPasses(Gate gate, PairedCounts paired) {
    Decision decision = gate.decide(challenger(paired));
    assertEquals(Outcome.PROMOTED, decision.outcome(), decision.json());
  }

  private static void assertHolds(Gate gate, PairedCounts paired, String... pieces) {
    Decision decision = gate.decide(challenger(paired));
    assertEquals(Outcome.KEPT, decision.outcome(), decision.json());
    for (String piece : pieces) {
      assertTrue(decision.reason().contains(piece), decision.reason());
    }
  }

  @Test
  void withoutRulesAndChampionAnythingPasses() {
    assertPasses(OPEN, null);
    assertEquals("no rule is set", OPEN.decide(challenger(null)).reason());
  }

  @Test
  void leastAccuracy() {
    assertPasses(new Gate(0.8, 0, Map.of(), 0, Long.MAX_VALUE, Double.POSITIVE_INFINITY), EVEN);
    Gate high = new Gate(0.81, 0, Map.of(), 0, Long.MAX_VALUE, Double.POSITIVE_INFINITY);
    assertHolds(high, EVEN, "min-accuracy", "0.81 or more", "found 0.8000");
    assertEquals(Outcome.GATE_FAILED, high.decide(challenger(null)).outcome());
  }

  @Test
  void leastRecallOfEachClass() {
    assertPasses(new Gate(0, 0.7, Map.of(), 0, Long.MAX_VALUE, Double.POSITIVE_INFINITY), EVEN);
    assertHolds(
        new Gate(0, 0.75, Map.of(), 0, Long.MAX_VALUE, Double.POSITIVE_INFINITY),
        EVEN,
        "min-recall of dog",
        "found 0.7000");
  }

  @Test
  void leastRecallOfSingleClasses() {
    assertPasses(
        new Gate(0, 0, Map.of("cat", 0.9), 0, Long.MAX_VALUE, Double.POSITIVE_INFINITY), EVEN);
    assertHolds(
        new Gate(0, 0.5, Map.of("cat", 0.95), 0, Long.MAX_VALUE, Double.POSITIVE_INFINITY),
        EVEN,
        "min-recall of cat",
        "0.95 or more");
    Gate unknown = new Gate(0, 0, Map.of("cow", 0.9), 0, Long.MAX_VALUE, Double.POSITIVE_INFINITY);
    assertThrows(GradcastException.class, () -> unknown.decide(challenger(EVEN)));
  }

  /** The champion alone has 12 right, the challenger alone 2: p = 0.0129. */
  @Test
  void noWorseThanTheChampionBeyondChance() {
    PairedCounts worse = new PairedCounts(50, 12, 2, 3);
    assertPasses(gate(0.01), worse);
    assertHolds(
        gate(0.05), worse, "significance", "p = 0.01294", "52 right, the champion 62 of 67");
    assertPasses(gate(0.05), new PairedCounts(50, 2, 12, 3));
    assertPasses(gate(0), new PairedCounts(0, 67, 0, 0));
    assertPasses(gate(1), EVEN);
  }

  private static Gate gate(double significance) {
    return new Gate(0, 0, Map.of(), significance, Long.MAX_VALUE, Double.POSITIVE_INFINITY);
  }

  @Test
  void sizeAndTime() {
    assertPasses(new Gate(0, 0, Map.of(), 0, 1000, 0.5), EVEN);
    assertHolds(new Gate(0, 0, Map.of(), 0, 999, 0.5), EVEN, "max-model-bytes", "found 1,000");
    assertHolds(new Gate(0, 0, Map.of(), 0, 1000, 0.4), EVEN, "max-millis", "0.4 ms", "0.5000");
  }
}
