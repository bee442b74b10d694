package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.gradcast.engine.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MinibatchTest {

  private static Samples holder(Shape shape, int first, int count) {
    long[] ids = new long[count];
    Arrays.setAll(ids, i -> first + i);
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> (first + i) % 10);
    byte[] pixels = new byte[count * shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (first + i / shape.size());
    }
    return new Samples(shape, ids, pixels, labels);
  }

  private static long[] ids(Minibatch minibatch) {
    return Arrays.stream(minibatch.rows(), 0, minibatch.count())
        .mapToLong(row -> minibatch.samples().ids()[row])
        .toArray();
  }

  @Test
  void samplesOfSeveralHoldersStandSideBySide() {
    Shape shape = new Shape(1, 2, 3);
    Minibatch minibatch = new Minibatch();
    minibatch.add(holder(shape, 20, 5), new int[] {4, 0, 2, 1}, 1, 3);
    minibatch.add(holder(shape, 40, 3), new int[] {2}, 0, 1);
    assertArrayEquals(new long[] {20, 22, 42}, ids(minibatch));
    for (int row = 0; row < 3; row++) {
      long id = minibatch.samples().ids()[row];
      assertEquals(id % 10, minibatch.samples().label(row));
      int start = minibatch.samples().start(row);
      for (int i = 0; i < shape.size(); i++) {
        assertEquals(id, minibatch.samples().pixels()[start + i]);
      }
    }
  }

  @Test
  void severalLabelsStandSideBySideToo() {
    Shape shape = new Shape(1, 1, 1);
    int[] labels = {0, 0, 1, 0, 1, 1, 1, 1, 1};
    Samples sets = new Samples(shape, new long[] {7, 8, 9}, new byte[3], labels, 3);
    Minibatch minibatch = new Minibatch();
    minibatch.add(holder(shape, 20, 5), new int[] {4}, 0, 1);
    minibatch.clear();
    minibatch.add(sets, new int[] {1, 0}, 0, 2);
    minibatch.add(sets, new int[] {2}, 0, 1);
    assertArrayEquals(new long[] {8, 7, 9}, ids(minibatch));
    assertArrayEquals(
        new int[] {0, 1, 1, 0, 0, 1, 1, 1, 1}, Arrays.copyOf(minibatch.samples().labels(), 9));
  }

  @Test
  void memoryIsUsedAgain() {
    Samples holder = holder(new Shape(1, 2, 3), 0, 9);
    Minibatch minibatch = new Minibatch();
    minibatch.add(holder, new int[] {0, 1, 2, 3, 4, 5, 6}, 0, 7);
    Samples memory = minibatch.samples();
    minibatch.clear();
    assertEquals(0, minibatch.count());
    minibatch.add(holder, new int[] {8, 7}, 0, 2);
    assertSame(memory, minibatch.samples());
    assertArrayEquals(new long[] {8, 7}, ids(minibatch));
  }

  @Test
  void anotherShapeIsTakenWhenEmpty() {
    Minibatch minibatch = new Minibatch();
    minibatch.add(holder(new Shape(1, 2, 3), 0, 4), new int[] {3}, 0, 1);
    minibatch.clear();
    Shape other = new Shape(3, 1, 1);
    minibatch.add(holder(other, 7, 2), new int[] {1}, 0, 1);
    assertEquals(other, minibatch.samples().shape());
    assertArrayEquals(new long[] {8}, ids(minibatch));
  }
}
