package io.gradcast.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EvaluationTest {

  @Test
  void countsPredictionsByLabelAndAveragesLosses() {
    Evaluation evaluation = new Evaluation(3);
    evaluation.add(0, 0, 0.5f);
    evaluation.add(0, 2, 1.5f);
    evaluation.add(2, 2, 0f);
    evaluation.add(1, 1, 0f);
    assertEquals(1, evaluation.count(0, 2));
    assertEquals(0, evaluation.count(2, 0));
    assertEquals(4, evaluation.samples());
    assertEquals(3, evaluation.correct());
    assertEquals(0.75, evaluation.accuracy());
    assertEquals(0.25, evaluation.error());
    assertEquals(0.5, evaluation.loss());
  }

  @Test
  void partsAddUp() {
    Evaluation one = new Evaluation(2);
    one.add(0, 1, 0.25f);
    Evaluation other = new Evaluation(2);
    other.add(0, 1, 0.75f);
    other.add(1, 1, 0f);
    one.add(other);
    assertEquals(2, one.count(0, 1));
    assertEquals(3, one.samples());
    assertEquals(1.0 / 3, one.loss(), 1e-12);
  }

  @Test
  void lossesWhoseSumIsTooLargeAreNotHidden() {
    Evaluation evaluation = new Evaluation(2);
    for (int i = 0; i < 5000; i++) {
      evaluation.add(0, 0, 2048f);
    }
    assertTrue(Double.isNaN(evaluation.loss()));
  }

  @Test
  void lossThatIsNoNumberIsNotHidden() {
    Evaluation evaluation = new Evaluation(2);
    evaluation.add(0, 0, Float.NaN);
    Evaluation all = new Evaluation(2);
    all.add(0, 0, 1f);
    all.add(evaluation);
    assertTrue(Double.isNaN(all.loss()));
    assertEquals(1.0, all.accuracy());
  }
}
