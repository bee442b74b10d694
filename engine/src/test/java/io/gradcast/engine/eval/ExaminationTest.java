package io.gradcast.engine.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExaminationTest {

  private static final int SAMPLES = 200;

  private static void add(Examination examination, long id, int label, float loss, float... out) {
    int predicted = 0;
    for (int i = 1; i < out.length; i++) {
      predicted = out[i] > out[predicted] ? i : predicted;
    }
    examination.add(id, label, predicted, out, out, loss, () -> new byte[] {(byte) id});
  }

  private static List<Long> ids(Examination examination) {
    return examination.mistakes().worst().stream().map(Prediction::id).toList();
  }

  @Test
  void labelIsRankedAmongTheOutputs() {
    Examination examination = new Examination(3);
    add(examination, 1, 2, 0f, 0.1f, 0.2f, 0.7f);
    add(examination, 2, 1, 0f, 0.1f, 0.2f, 0.7f);
    add(examination, 3, 0, 0f, 0.1f, 0.2f, 0.7f);
    assertEquals(1, examination.correctInTop(1));
    assertEquals(2, examination.correctInTop(2));
    assertEquals(3, examination.correctInTop(3));
  }

  /** As the prediction does, so that top 1 is the accuracy. */
  @Test
  void ofEqualOutputsTheLowerClassGoesFirst() {
    Examination examination = new Examination(2);
    add(examination, 1, 0, 0f, 0.5f, 0.5f);
    add(examination, 2, 1, 0f, 0.5f, 0.5f);
    assertEquals(1, examination.correctInTop(1));
    assertEquals(1, examination.evaluation().correct());
  }

  @Test
  void confidenceIsClippedToProbabilities() {
    Examination examination = new Examination(2);
    add(examination, 1, 0, 0f, 3f, -1f);
    add(examination, 2, 1, 0f, -3f, -4f);
    assertEquals(1.0, examination.calibration().confidence(Calibration.BINS - 1));
    assertEquals(0.0, examination.calibration().confidence(0));
  }

  @Test
  void mistakesOfTheLargestLossAreKeptWorstFirst() {
    Examination examination = new Examination(2);
    add(examination, 5, 0, 9f, 0.9f, 0.1f); // not a mistake
    for (long id = 0; id < 100; id++) {
      add(examination, id, 0, (float) (id % 10), 0f, 0.75f);
    }
    List<Prediction> worst = examination.mistakes().worst();
    assertEquals(Mistakes.MOST, worst.size());
    assertEquals(List.of(9L, 19L, 29L), ids(examination).subList(0, 3));
    assertEquals(List.of(7L, 17L, 27L, 37L), ids(examination).subList(20, 24));
    assertEquals(0.75f, worst.get(0).confidence());
    assertArrayEquals(new byte[] {9}, worst.get(0).pixels());
  }

  @Test
  void exampleIsTheSampleOfTheLowestId() {
    Examination part = new Examination(2);
    add(part, 7, 1, 0f, 0f, 1f);
    Examination all = new Examination(2);
    assertNull(all.first());
    add(all, 8, 1, 0f, 0f, 1f);
    all.add(part);
    assertEquals(7, all.first().id());
  }

  /** Each class is a prediction of its own; a sample is right if all of them are. */
  @Test
  void severalLabelsAreCalibratedEachAndMistakenTogether() {
    Examination examination = new Examination(3, true);
    float[] scores = {0.75f, 0.5f, 2f};
    boolean[] predicted = {true, false, true};
    examination.add(4, predicted.clone(), predicted, scores, 1f, () -> new byte[1]);
    examination.add(9, new boolean[] {true, true, false}, predicted, scores, 3f, () -> new byte[1]);
    Examination all = new Examination(3, true);
    all.add(examination);
    assertEquals(List.of(9L), ids(all));
    Prediction mistake = all.mistakes().worst().get(0);
    assertArrayEquals(new int[] {0, 1}, mistake.labels());
    assertArrayEquals(new int[] {0, 2}, mistake.predicted());
    assertEquals(0.75f * 0.5f, mistake.confidence());
    assertTrue(all.first().isRight());
    assertEquals(1, all.evaluation().correct());
    assertEquals(2, all.calibration().samples(Calibration.BINS - 1));
    assertEquals(0.5, all.calibration().accuracy(Calibration.BINS - 1));
    assertEquals(1.0, all.calibration().accuracy(11), "0.75 twice, labelled twice");
  }

  @Test
  void resultDependsOnNoOrderOrGrouping() {
    Examination whole = new Examination(3);
    addSome(whole, order(0));
    for (int seed = 1; seed < 5; seed++) {
      List<Integer> order = order(seed);
      Examination parts = new Examination(3);
      int from = 0;
      for (int end : new int[] {17, 18, 140, SAMPLES}) {
        Examination part = new Examination(3);
        addSome(part, order.subList(from, end));
        parts.add(part);
        from = end;
      }
      assertEquals(ids(whole), ids(parts));
      assertEquals(whole.first().id(), parts.first().id());
      assertEquals(whole.calibration().expectedError(), parts.calibration().expectedError());
      assertArrayEquals(whole.evaluation().counts(), parts.evaluation().counts());
      assertEquals(whole.correctInTop(2), parts.correctInTop(2));
    }
    assertTrue(ids(whole).size() == Mistakes.MOST, "enough mistakes");
  }

  private static List<Integer> order(int seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  private static void addSome(Examination examination, List<Integer> numbers) {
    for (int i : numbers) {
      // Few different losses, so that ties matter.
      float loss = i * 7 % 5;
      add(examination, i, i % 3, loss, i * 3 % 7 / 7f, i * 5 % 11 / 11f, i % 13 / 13f);
    }
  }
}
