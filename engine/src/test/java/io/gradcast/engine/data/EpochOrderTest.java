package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochOrderTest {

  private static EpochOrder order(long seed, long count, int epoch) {
    EpochOrder order = new EpochOrder(seed, count);
    order.begin(epoch);
    return order;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 50, 1000, 65_536, 65_537})
  void everySampleHasAPositionOfItsOwn(int count) {
    for (int epoch = 0; epoch < 3; epoch++) {
      EpochOrder order = order(5, count, epoch);
      BitSet positions = new BitSet();
      for (int id = 0; id < count; id++) {
        positions.set(Math.toIntExact(order.position(id)));
      }
      assertEquals(count, positions.cardinality());
      assertEquals(count, positions.length());
    }
  }

  @Test
  void orderIsAFunctionOfSeedAndEpoch() {
    assertEquals(order(1, 1000, 4).position(17), order(1, 1000, 4).position(17));
    int same = 0;
    for (int id = 0; id < 1000; id++) {
      long position = order(1, 1000, 4).position(id);
      same += position == order(1, 1000, 5).position(id) ? 1 : 0;
      same += position == order(2, 1000, 4).position(id) ? 1 : 0;
    }
    assertTrue(same < 15, same + " of 2000 positions are the same, expected about 2");
    assertNotEquals(order(1, 1000, 4).position(0), order(1 + (1L << 40), 1000, 4).position(0));
  }

  /** Chi-square with 9 degrees of freedom; 27.9 is passed by chance once in a thousand. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 500, 999})
  void positionsOfASampleAreUniformOverEpochs(long id) {
    int epochs = 5000;
    int[] counts = new int[10];
    EpochOrder order = new EpochOrder(3, 1000);
    for (int epoch = 0; epoch < epochs; epoch++) {
      order.begin(epoch);
      counts[(int) (order.position(id) / 100)]++;
    }
    assertUniform(counts, epochs);
  }

  /** So that neighbours in a file are no neighbours in training. */
  @Test
  void distancesOfNeighboursAreUniform() {
    int count = 1000;
    int[] counts = new int[10];
    for (int epoch = 0; epoch < 20; epoch++) {
      EpochOrder order = order(9, count, epoch);
      for (int id = 0; id + 1 < count; id += 2) {
        long distance = Math.floorMod(order.position(id + 1) - order.position(id), (long) count);
        counts[(int) (distance / 100)]++;
      }
    }
    assertUniform(counts, 20 * count / 2);
  }

  private static void assertUniform(int[] counts, int total) {
    double expected = (double) total / counts.length;
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    assertTrue(chiSquare < 27.9, "chi-square " + chiSquare);
  }

  @Test
  void largeDataSetsHavePositionsToo() {
    long count = 10_000_000_000L;
    EpochOrder order = order(1, count, 0);
    for (long id = count - 1000; id < count; id++) {
      long position = order.position(id);
      assertTrue(position >= 0 && position < count);
    }
  }
}
