package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochRowsTest {

  private static final int COUNT = 103;
  private static final int BATCH = 10;

  /** Samples whose ids are from, from + step, ... */
  private static Samples holder(int from, int step) {
    long[] ids = IntStream.range(0, COUNT).filter(i -> i % step == from).asLongStream().toArray();
    return new Samples(new Shape(1, 1, 1), ids, new byte[ids.length], new int[ids.length]);
  }

  /** The ids of each minibatch, as several holders together find them. */
  private static List<Set<Long>> minibatches(int holders, int epoch) {
    List<Set<Long>> minibatches = new ArrayList<>();
    for (int t = 0; t * BATCH < COUNT; t++) {
      minibatches.add(new TreeSet<>());
    }
    for (int holder = 0; holder < holders; holder++) {
      Samples samples = holder(holder, holders);
      EpochRows rows = new EpochRows(samples, 4, COUNT, BATCH);
      rows.begin(epoch);
      for (int t = 0; t < minibatches.size(); t++) {
        for (int i = rows.start(t); i < rows.start(t + 1); i++) {
          minibatches.get(t).add(samples.ids()[rows.rows()[i]]);
        }
      }
    }
    return minibatches;
  }

  @Test
  void minibatchesAreTheSameHoweverSamplesAreSpread() {
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Set<Long>> expected = minibatches(1, epoch);
      for (int holders : new int[] {2, 3, 7, COUNT}) {
        assertEquals(expected, minibatches(holders, epoch));
      }
    }
  }

  @Test
  void everySampleIsInOneMinibatchAndOnlyTheLastIsShort() {
    List<Set<Long>> minibatches = minibatches(3, 1);
    Set<Long> all = new TreeSet<>();
    minibatches.forEach(all::addAll);
    assertEquals(COUNT, all.size());
    for (int t = 0; t < minibatches.size(); t++) {
      assertEquals(t < 10 ? BATCH : 3, minibatches.get(t).size());
    }
  }

  @Test
  void minibatchIsPositionsOfTheEpochsOrder() {
    EpochOrder order = new EpochOrder(4, COUNT);
    order.begin(2);
    List<Set<Long>> minibatches = minibatches(1, 2);
    for (long id = 0; id < COUNT; id++) {
      int t = (int) (order.position(id) / BATCH);
      assertEquals(true, minibatches.get(t).contains(id), "sample " + id);
    }
  }
}
