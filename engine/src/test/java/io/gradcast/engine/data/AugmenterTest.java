package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.Sha256;
import io.gradcast.engine.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmenterTest {

  private static final Shape SHAPE = new Shape(2, 20, 24);
  private static final Augmentation ALL = new Augmentation(2, 15, 0.1, true, 0.3, 1);

  private final byte[] pixels = new byte[SHAPE.size()];

  AugmenterTest() {
    new Random(3).nextBytes(pixels);
  }

  private static Augmentation erase(double share) {
    return new Augmentation(0, 0, 0, false, share, 0);
  }

  private float[] applied(Augmenter augmenter, int epoch, long id) {
    float[] image = new float[SHAPE.size()];
    augmenter.apply(pixels, 0, epoch, id, image);
    return image;
  }

  @Test
  void isAFunctionOfSeedEpochAndIdWhateverTheOrderOrThread() {
    Augmenter forth = new Augmenter(ALL, SHAPE, 7);
    float[][] expected =
        IntStream.range(0, 50).mapToObj(i -> applied(forth, i / 10, i)).toArray(float[][]::new);
    Augmenter back = new Augmenter(ALL, SHAPE, 7);
    for (int i = 49; i >= 0; i--) {
      assertArrayEquals(expected[i], applied(back, i / 10, i));
    }
    IntStream.range(0, 50)
        .parallel()
        .forEach(
            i ->
                assertArrayEquals(
                    expected[i], applied(new Augmenter(ALL, SHAPE, 7), i / 10, i), "image " + i));
    assertFalse(Arrays.equals(expected[5], applied(forth, 1, 5)), "another epoch");
    assertFalse(Arrays.equals(expected[5], applied(forth, 0, 6)), "another sample");
    assertFalse(
        Arrays.equals(expected[5], applied(new Augmenter(ALL, SHAPE, 8), 0, 5)), "another seed");
  }

  /** So that another machine or JDK is seen to give the same. */
  @Test
  void bitsArePinned() {
    byte[] ramp = new byte[SHAPE.size()];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (i * i);
    }
    ByteBuffer bytes = ByteBuffer.allocate(20 * SHAPE.size() * Float.BYTES);
    Augmenter augmenter = new Augmenter(ALL, SHAPE, 7);
    float[] image = new float[SHAPE.size()];
    for (int id = 0; id < 20; id++) {
      augmenter.apply(ramp, 0, 1, id, image);
      for (float value : image) {
        bytes.putFloat(value);
      }
    }
    assertEquals(
        "07b0825d081420e353f527c070c21675e4187d762bc9f2ac54e17388f83f4761",
        HexFormat.of().formatHex(Sha256.digest().digest(bytes.array())));
  }

  @Test
  void imagesStayAsTheyAreWhereAllIsOff() {
    Augmenter augmenter = new Augmenter(Augmentation.NONE, SHAPE, 7);
    for (int id = 0; id < 10; id++) {
      float[] image = applied(augmenter, 3, id);
      for (int i = 0; i < image.length; i++) {
        assertEquals(pixels[i] & 0xff, image[i]);
      }
    }
  }

  @Test
  void halfOfTheImagesAreMirrored() {
    Augmenter augmenter = new Augmenter(new Augmentation(0, 0, 0, true, 0, 0), SHAPE, 7);
    int mirrored = 0;
    for (int id = 0; id < 1000; id++) {
      float[] image = applied(augmenter, 0, id);
      boolean isMirrored = image[0] != (pixels[0] & 0xff);
      for (int column = 0; column < SHAPE.width(); column++) {
        int from = isMirrored ? SHAPE.width() - 1 - column : column;
        assertEquals(pixels[from] & 0xff, image[column]);
      }
      mirrored += isMirrored ? 1 : 0;
    }
    // Five standard deviations of a binomial count of mean 500.
    assertEquals(500, mirrored, 79);
  }

  @ParameterizedTest
  @CsvSource({"3, 0, 0, 0", "0, 40, 0, 0", "0, 0, 0.3, 0", "2, 15, 0.1, 2"})
  void channelsAreVariedAlike(double shift, double rotate, double scale, double elastic) {
    int plane = SHAPE.height() * SHAPE.width();
    System.arraycopy(pixels, 0, pixels, plane, plane);
    Augmentation augmentation = new Augmentation(shift, rotate, scale, true, 0.2, elastic);
    Augmenter augmenter = new Augmenter(augmentation, SHAPE, 7);
    for (int id = 0; id < 20; id++) {
      float[] image = applied(augmenter, 0, id);
      assertArrayEquals(
          Arrays.copyOf(image, plane), Arrays.copyOfRange(image, plane, 2 * plane), "image " + id);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "0.5", "0.1"})
  void erasedRectangleIsUniformUpToItsShareAndLiesAnywhere(double share) {
    Arrays.fill(pixels, (byte) 255);
    Augmenter augmenter = new Augmenter(erase(share), SHAPE, 7);
    int plane = SHAPE.height() * SHAPE.width();
    int images = 4000;
    double sum = 0;
    long[] times = new long[plane];
    for (int id = 0; id < images; id++) {
      float[] image = applied(augmenter, 0, id);
      int erased = 0;
      for (int i = 0; i < plane; i++) {
        assertEquals(image[i], image[plane + i], "a channel and the other");
        erased += image[i] == 0 ? 1 : 0;
        times[i] += image[i] == 0 ? 1 : 0;
      }
      assertRectangle(image, erased);
      // A side is rounded, so up to half of the other more.
      assertTrue(erased <= share * plane + SHAPE.width() / 2.0, "erased " + erased);
      sum += (double) erased / plane;
    }
    // Five standard errors of the mean of a uniform number, and what rounding does on average.
    assertEquals(share / 2, sum / images, 5 * share / Math.sqrt(12 * images) + 0.003);
    assertTrue(Arrays.stream(times).allMatch(count -> count > 0), "some pixel is never erased");
  }

  /** That as many zeros are in the smallest rectangle around them as there are. */
  private static void assertRectangle(float[] image, int erased) {
    int top = SHAPE.height();
    int bottom = -1;
    int left = SHAPE.width();
    int right = -1;
    for (int row = 0; row < SHAPE.height(); row++) {
      for (int column = 0; column < SHAPE.width(); column++) {
        if (image[row * SHAPE.width() + column] == 0) {
          top = Math.min(top, row);
          bottom = row;
          left = Math.min(left, column);
          right = Math.max(right, column);
        }
      }
    }
    int around = bottom < 0 ? 0 : (bottom - top + 1) * (right - left + 1);
    assertEquals(around, erased);
  }

  /** A bright pixel in the middle of a row is where the image moved it. */
  @Test
  void shiftsAreUniformUpToTheStrengthAlongBothAxes() {
    Shape shape = new Shape(1, 31, 31);
    byte[] dot = new byte[shape.size()];
    dot[15 * 31 + 15] = (byte) 255;
    Augmenter augmenter = new Augmenter(new Augmentation(4, 0, 0, false, 0, 0), shape, 7);
    float[] image = new float[shape.size()];
    int[][] counts = new int[2][4];
    for (int id = 0; id < 4000; id++) {
      augmenter.apply(dot, 0, 0, id, image);
      counts[0][quarter(image, true)]++;
      counts[1][quarter(image, false)]++;
    }
    for (int[] axis : counts) {
      for (int count : axis) {
        // Five standard deviations of a binomial count of mean 1000.
        assertEquals(1000, count, 137);
      }
    }
  }

  /** In which quarter of -4 to 4 pixels the light of an image lies. */
  private static int quarter(float[] image, boolean vertical) {
    double moment = 0;
    double light = 0;
    for (int i = 0; i < image.length; i++) {
      moment += image[i] * (double) (vertical ? i / 31 : i % 31);
      light += image[i];
    }
    return (int) ((moment / light - 15 + 4) / 2);
  }

  @Test
  void whatIsDrawnForOneDoesNotDependOnTheOthers() {
    Augmenter some = new Augmenter(new Augmentation(0, 0, 0, false, 0.3, 0), SHAPE, 7);
    Augmenter more = new Augmenter(new Augmentation(3, 0, 0, true, 0.3, 0), SHAPE, 7);
    Arrays.fill(pixels, (byte) 255);
    for (int id = 0; id < 20; id++) {
      float[] erased = applied(some, 0, id);
      float[] both = applied(more, 0, id);
      for (int i = 0; i < erased.length; i++) {
        assertTrue(erased[i] != 0 || both[i] == 0, "image " + id);
      }
    }
  }
}
