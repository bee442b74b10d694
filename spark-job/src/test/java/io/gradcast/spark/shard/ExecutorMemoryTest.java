package io.gradcast.spark.shard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ExecutorMemoryTest {

  private final ExecutorMemory two = new ExecutorMemory(2, 50, 1000);

  @Test
  void everyExecutorMustHaveRoomForItsShare() {
    assertTrue(two.holds(100, 2));
    assertTrue(two.holds(100, 200));
    assertFalse(two.holds(101, 2));
  }

  @Test
  void oneExecutorGetsThePartThatIsLeft() {
    assertTrue(two.holds(75, 3));
    assertFalse(two.holds(76, 3));
    assertTrue(two.holds(50, 1));
    assertFalse(two.holds(51, 1));
  }

  @Test
  void largePartsTakeHalfAsMuchAgainWhileTheyComeIn() {
    long gigabyte = 1L << 30;
    ExecutorMemory large = new ExecutorMemory(1, 6 * gigabyte, 6 * gigabyte);
    assertTrue(large.holds(6 * gigabyte, 6));
    assertTrue(large.holds(4 * gigabyte, 2));
    assertFalse(large.holds(6 * gigabyte, 2));
  }

  @Test
  void withoutExecutorsThereIsNoRoom() {
    assertFalse(new ExecutorMemory(0, 0, 0).holds(1, 1));
  }
}
