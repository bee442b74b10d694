package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.data.SyntheticDigits.Split;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SyntheticDigitsTest {

  private static final SyntheticDigits TRAIN = new SyntheticDigits(1, Split.TRAIN);
  private static final SyntheticDigits TEST = new SyntheticDigits(1, Split.TEST);

  /** Fails when the generator changes, and on a JVM that calculates otherwise. */
  @Test
  void theFirstThousandOfSeedOneNeverChange() throws NoSuchAlgorithmException {
    assertEquals("4b44f3062c29eded015635b5affb7cb4df120be400cf58924be4cc52c9ac2617", digest(TRAIN));
    assertEquals("4f9d035685b08a1f625ca3e5023f2aba424889803ff85c3555bc36441e35ef26", digest(TEST));
  }

  private static String digest(SyntheticDigits digits) throws NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < 1000; i++) {
      sha256.update(image(digits, i));
      sha256.update((byte) digits.label(i));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  @Test
  void anImageDoesNotDependOnThoseBeforeIt() {
    SyntheticDigits other = new SyntheticDigits(1, Split.TRAIN);
    byte[] out = new byte[SyntheticDigits.PIXELS];
    for (int i = 49; i >= 0; i--) {
      other.image(i, out); // over the image before
      assertArrayEquals(image(TRAIN, i), out);
      assertEquals(TRAIN.label(i), other.label(i));
    }
  }

  @Test
  void allTenDigitsAreAboutEquallyFrequent() {
    int[] counts = new int[SyntheticDigits.CLASSES];
    for (int i = 0; i < 10_000; i++) {
      counts[TRAIN.label(i)]++;
    }
    for (int count : counts) {
      // Five standard deviations of a binomial count of mean 1000.
      assertTrue(Math.abs(count - 1000) < 150, Arrays.toString(counts));
    }
  }

  @Test
  void splitsSeedsAndIndicesHaveNoImageInCommon() {
    SyntheticDigits another = new SyntheticDigits(2, Split.TRAIN);
    for (int i = 0; i < 100; i++) {
      assertFalse(Arrays.equals(image(TRAIN, i), image(TEST, i)));
      assertFalse(Arrays.equals(image(TRAIN, i), image(another, i)));
      assertFalse(Arrays.equals(image(TRAIN, i), image(TRAIN, i + 1)));
    }
  }

  @Test
  void everyImageHasInkOnAMostlyEmptyBackground() {
    for (int i = 0; i < 1000; i++) {
      int bright = 0;
      for (byte pixel : image(TRAIN, i)) {
        bright += (pixel & 0xff) > 100 ? 1 : 0;
      }
      assertTrue(bright > 20 && bright < 300, "image %d: %d bright pixels".formatted(i, bright));
    }
  }

  @Test
  void refusesAnArrayOfAnotherSize() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> TRAIN.image(0, new byte[783]));
    assertEquals("image: expected 784 bytes, found 783", e.getMessage());
  }

  private static byte[] image(SyntheticDigits digits, int index) {
    byte[] out = new byte[SyntheticDigits.PIXELS];
    digits.image(index, out);
    return out;
  }
}
