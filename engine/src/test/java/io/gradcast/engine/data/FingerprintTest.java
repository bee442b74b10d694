package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gradcast.engine.tensor.Shape;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {

  private static final Shape SHAPE = new Shape(1, 2, 3);

  private static Samples samples(Shape shape, long[] ids, int[] labels, int... pixels) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels[i];
    }
    return new Samples(shape, ids, bytes, labels);
  }

  private static Samples two(long id, int label, Shape shape, int pixel) {
    return samples(
        shape, new long[] {id, 8}, new int[] {label, 1}, 1, 2, 3, 4, 5, pixel, 9, 8, 7, 6, 5, 4);
  }

  @Test
  void dependsOnEveryIdLabelPixelAndOnTheShape() {
    Fingerprint of = Fingerprint.of(two(7, 3, SHAPE, 6));
    assertEquals(of, Fingerprint.of(two(7, 3, SHAPE, 6)));
    assertNotEquals(of, Fingerprint.of(two(6, 3, SHAPE, 6)));
    assertNotEquals(of, Fingerprint.of(two(7, 2, SHAPE, 6)));
    assertNotEquals(of, Fingerprint.of(two(7, 3, SHAPE, 200)));
    assertNotEquals(of, Fingerprint.of(two(7, 3, new Shape(1, 3, 2), 6)));
  }

  @Test
  void dependsOnEveryBitOfEveryPixel() {
    Set<Fingerprint> all = new HashSet<>();
    all.add(Fingerprint.of(samples(SHAPE, new long[1], new int[1], 0, 0, 0, 0, 0, 0)));
    for (int pixel = 0; pixel < 6; pixel++) {
      for (int bit = 0; bit < 8; bit++) {
        int[] pixels = new int[6];
        pixels[pixel] = 1 << bit;
        all.add(Fingerprint.of(samples(SHAPE, new long[1], new int[1], pixels)));
      }
    }
    assertEquals(49, all.size());
  }

  @Test
  void dependsOnWhichImageHasWhichIdAndLabel() {
    Fingerprint of = Fingerprint.of(two(7, 3, SHAPE, 6));
    Samples exchanged =
        samples(SHAPE, new long[] {8, 7}, new int[] {1, 3}, 1, 2, 3, 4, 5, 6, 9, 8, 7, 6, 5, 4);
    Samples turned =
        samples(SHAPE, new long[] {8, 7}, new int[] {1, 3}, 9, 8, 7, 6, 5, 4, 1, 2, 3, 4, 5, 6);
    assertNotEquals(of, Fingerprint.of(exchanged));
    assertEquals(of, Fingerprint.of(turned));
  }

  @Test
  void dependsOnNoOrderOrGrouping() {
    Samples both = two(7, 3, SHAPE, 6);
    Samples one = samples(SHAPE, new long[] {7}, new int[] {3}, 1, 2, 3, 4, 5, 6);
    Samples other = samples(SHAPE, new long[] {8}, new int[] {1}, 9, 8, 7, 6, 5, 4);
    Fingerprint first = Fingerprint.of(one);
    Fingerprint second = Fingerprint.of(other);
    assertEquals(Fingerprint.of(both), first.plus(second));
    assertEquals(first.plus(second), second.plus(first));
    assertEquals(first, Fingerprint.EMPTY.plus(first));
  }

  @Test
  void dependsOnEveryLabelOfSeveral() {
    Set<Fingerprint> all = new HashSet<>();
    for (int set = 0; set < 4; set++) {
      int[] labels = {set & 1, set >> 1};
      all.add(Fingerprint.of(new Samples(SHAPE, new long[1], new byte[6], labels, 2)));
      all.add(Fingerprint.of(new Samples(SHAPE, new long[1], new byte[6], new int[] {set})));
    }
    assertEquals(8, all.size());
  }

  @Test
  void isWrittenAs32Digits() {
    assertEquals("0".repeat(31) + "a", new Fingerprint(0, 10).toString());
  }
}
