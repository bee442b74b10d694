package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationSplitTest {

  /** Samples whose only pixel and label say which they are. */
  private static Samples samples(int from, int end) {
    int[] labels = IntStream.range(from, end).toArray();
    byte[] pixels = new byte[labels.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) labels[i];
    }
    return new Samples(
        new Shape(1, 1, 1), Arrays.stream(labels).asLongStream().toArray(), pixels, labels);
  }

  @ParameterizedTest
  @CsvSource({"2, 0.5, 1", "10, 0.1, 1", "1000, 0.15, 150", "999, 0.3333, 333", "7, 0.9, 6"})
  void everySampleIsInOnePartWithAnIdOfItsOwn(int count, double part, int heldOut) {
    ValidationSplit split = new ValidationSplit(3, count, part);
    assertEquals(heldOut, split.validationCount());
    assertEquals(count - heldOut, split.trainingCount());
    Samples training = split.training(samples(0, count));
    Samples validation = split.validation(samples(0, count));
    assertIdsFromZero(count - heldOut, training);
    assertIdsFromZero(heldOut, validation);
    BitSet labels = new BitSet();
    for (Samples samples : new Samples[] {training, validation}) {
      for (int row = 0; row < samples.count(); row++) {
        labels.set(samples.label(row));
        assertEquals((byte) samples.label(row), samples.pixels()[samples.start(row)]);
      }
    }
    assertEquals(count, labels.cardinality());
  }

  private static void assertIdsFromZero(int count, Samples samples) {
    long[] ids = samples.ids().clone();
    Arrays.sort(ids);
    assertArrayEquals(IntStream.range(0, count).asLongStream().toArray(), ids);
  }

  /** A part, and a place in it, whoever holds the sample. */
  @Test
  void partAndIdDoNotDependOnPlacement() {
    ValidationSplit split = new ValidationSplit(8, 200, 0.25);
    Map<Integer, String> whole = places(split, samples(0, 200));
    Map<Integer, String> parts = new HashMap<>();
    for (int from = 0; from < 200; from += 7) {
      parts.putAll(places(split, samples(from, Math.min(200, from + 7))));
    }
    assertEquals(200, whole.size());
    assertEquals(whole, parts);
  }

  private static Map<Integer, String> places(ValidationSplit split, Samples samples) {
    Map<Integer, String> places = new HashMap<>();
    Samples training = split.training(samples);
    Samples validation = split.validation(samples);
    for (int row = 0; row < training.count(); row++) {
      places.put(training.label(row), "training " + training.ids()[row]);
    }
    for (int row = 0; row < validation.count(); row++) {
      places.put(validation.label(row), "validation " + validation.ids()[row]);
    }
    return places;
  }

  @Test
  void severalLabelsGoWithTheirSamples() {
    int[] sets = IntStream.range(0, 300).map(i -> ((i / 3) >> (i % 3)) & 1).toArray();
    long[] ids = IntStream.range(0, 100).asLongStream().toArray();
    byte[] pixels = new byte[100];
    for (int i = 0; i < 100; i++) {
      pixels[i] = (byte) i;
    }
    Samples all = new Samples(new Shape(1, 1, 1), ids, pixels, sets, 3);
    Samples part = new ValidationSplit(1, 100, 0.3).validation(all);
    assertEquals(30, part.count());
    for (int row = 0; row < 30; row++) {
      for (int i = 0; i < 3; i++) {
        assertEquals(((part.pixels()[row] >> i) & 1) == 1, part.has(row, i));
      }
    }
  }

  @Test
  void partsAreAFunctionOfTheSeed() {
    long[] first = new ValidationSplit(1, 1000, 0.1).validation(samples(0, 1000)).ids();
    assertArrayEquals(first, new ValidationSplit(1, 1000, 0.1).validation(samples(0, 1000)).ids());
    int[] one = new ValidationSplit(1, 1000, 0.1).validation(samples(0, 1000)).labels();
    int[] other = new ValidationSplit(2, 1000, 0.1).validation(samples(0, 1000)).labels();
    assertNotEquals(Arrays.toString(one), Arrays.toString(other));
    long common = Arrays.stream(one).filter(it -> Arrays.binarySearch(other, it) >= 0).count();
    assertTrue(common < 30, common + " of 100 samples are held out by both, expected about 10");
  }

  @ParameterizedTest
  @CsvSource({"10, 0.04, 0", "10, 0.96, 10", "1, 0.5, 1"})
  void partThatLeavesNothingIsRefused(int count, double part, int heldOut) {
    assertEquals(
        "validation: expected a part that leaves samples on both sides, found %d of %d held out"
            .formatted(heldOut, count),
        assertThrows(GradcastException.class, () -> new ValidationSplit(1, count, part))
            .getMessage());
  }
}
