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

  /** Of class 1: 2 right, 1 taken for 0, and 1 of class 0 taken for it. */
  @Test
  void precisionRecallAndF1FollowFromTheCounts() {
    Evaluation evaluation = Evaluation.of(3, new long[] {3, 1, 0, 1, 2, 0, 0, 0, 0}, 0);
    assertEquals(4, evaluation.labelled(0));
    assertEquals(3, evaluation.predicted(1));
    assertEquals(2.0 / 3, evaluation.precision(1), 1e-15);
    assertEquals(2.0 / 3, evaluation.recall(1), 1e-15);
    assertEquals(0.75, evaluation.precision(0));
    assertEquals(0.75, evaluation.f1(0));
    assertTrue(Double.isNaN(evaluation.precision(2)));
    assertTrue(Double.isNaN(evaluation.recall(2)));
    assertTrue(Double.isNaN(evaluation.f1(2)));
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
