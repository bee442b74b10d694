package io.gradcast.engine.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
    Evaluation evaluation = Evaluation.of(3, false, new long[] {3, 1, 0, 1, 2, 0, 0, 0, 0}, 0);
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

  /** Of class 0: right, wrongly given, right; of class 1: missed, missed, none. */
  private static Evaluation severalLabels() {
    Evaluation evaluation = new Evaluation(2, true);
    evaluation.add(new boolean[] {true, true}, new boolean[] {true, false}, 0.5f);
    evaluation.add(new boolean[] {false, true}, new boolean[] {true, false}, 1.5f);
    evaluation.add(new boolean[] {true, false}, new boolean[] {true, false}, 0.25f);
    return evaluation;
  }

  @Test
  void ofSeveralLabelsEachClassIsCountedAndWhereAllAreRight() {
    Evaluation evaluation = severalLabels();
    assertEquals(3, evaluation.samples());
    assertEquals(1, evaluation.correct());
    assertEquals(1.0 / 3, evaluation.accuracy(), 1e-15);
    assertEquals(0.75, evaluation.loss());
    assertEquals(2, evaluation.hits(0));
    assertEquals(2, evaluation.labelled(0));
    assertEquals(3, evaluation.predicted(0));
    assertEquals(2, evaluation.labelled(1));
    assertEquals(0, evaluation.predicted(1));
    assertArrayEquals(new long[] {0, 1, 0, 2, 1, 0, 2, 0, 1}, evaluation.counts());
  }

  @Test
  void microCountsAllClassesTogetherAndMacroIsTheirMean() {
    Evaluation evaluation = severalLabels();
    assertEquals(2.0 / 3, evaluation.microPrecision(), 1e-15);
    assertEquals(2.0 / 4, evaluation.microRecall(), 1e-15);
    assertEquals(4.0 / 7, evaluation.microF1(), 1e-15);
    assertEquals(
        2.0 / 3, evaluation.macro(evaluation::precision), 1e-15, "of one class it is none");
    assertEquals(0.5, evaluation.macro(evaluation::recall), 1e-15);
    assertEquals(0.4, evaluation.macro(evaluation::f1), 1e-15);
    assertTrue(Double.isNaN(new Evaluation(2, true).microF1()));
    assertTrue(Double.isNaN(new Evaluation(2, true).macro(index -> Double.NaN)));
  }

  @Test
  void partsOfSeveralLabelsAddUpAndAreKept() {
    Evaluation sum = new Evaluation(2, true);
    sum.add(severalLabels());
    sum.add(severalLabels());
    Evaluation kept = Evaluation.of(2, true, sum.counts(), sum.lossSum());
    assertArrayEquals(new long[] {0, 2, 0, 4, 2, 0, 4, 0, 2}, kept.counts());
    assertEquals(6, kept.samples());
    assertEquals(0.75, kept.loss());
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
