package io.gradcast.spark.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PixelDecoderTest {

  private static final ImageForm COLOUR = new ImageForm(0, 0, 3, false, 255);

  private static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, format, out));
    return out.toByteArray();
  }

  /** Grey levels 0, 1, ... from the top left. */
  private static BufferedImage grey(int height, int width, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int i = 0; i < height * width; i++) {
      image.getRaster().setSample(i % width, i / width, 0, i);
    }
    return image;
  }

  private static Image decode(ImageForm form, Object value) {
    try {
      return new PixelDecoder(form).decode(value);
    } catch (BadRecord e) {
      throw new AssertionError(e);
    }
  }

  private static void assertBad(ImageForm form, Object value, String... pieces) {
    BadRecord e = assertThrows(BadRecord.class, () -> new PixelDecoder(form).decode(value));
    for (String piece : pieces) {
      assertTrue(e.getMessage().contains(piece), e.getMessage());
    }
  }

  private static void assertImage(Image image, int channels, int height, int width, int... pixels) {
    assertEquals(new Shape(channels, height, width), image.shape());
    int[] found = new int[image.pixels().length];
    Arrays.setAll(found, i -> image.pixels()[i] & 0xff);
    assertArrayEquals(pixels, found);
  }

  @Test
  void greyIsAsItIsInTheFile() throws IOException {
    byte[] png = encoded(grey(2, 3, BufferedImage.TYPE_BYTE_GRAY), "png");
    assertImage(decode(ImageForm.AS_IT_IS, png), 1, 2, 3, 0, 1, 2, 3, 4, 5);
    assertImage(decode(COLOUR, png), 3, 2, 3, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5);
  }

  @Test
  void ofSixteenBitsTheUpperEightCount() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0x12ff);
    image.getRaster().setSample(1, 0, 0, 0xfe01);
    assertImage(decode(ImageForm.AS_IT_IS, encoded(image, "png")), 1, 1, 2, 0x12, 0xfe);
  }

  @Test
  void oneBitIsBlackAndWhite() throws IOException {
    byte[] png = encoded(grey(1, 2, BufferedImage.TYPE_BYTE_BINARY), "png");
    assertImage(decode(ImageForm.AS_IT_IS, png), 1, 1, 2, 0, 255);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_INDEXED
      })
  void coloursAreRedGreenAndBlue(int type) throws IOException {
    BufferedImage image = new BufferedImage(2, 1, type);
    image.setRGB(0, 0, 0xffff0000);
    image.setRGB(1, 0, 0xff0033ff);
    byte[] png = encoded(image, "png");
    assertImage(decode(ImageForm.AS_IT_IS, png), 3, 1, 2, 255, 0, 0, 51, 0, 255);
    // 0.299 x 255 and 0.587 x 51 + 0.114 x 255.
    assertImage(decode(new ImageForm(0, 0, 1, false, 255), png), 1, 1, 2, 76, 59);
  }

  @Test
  void jpegOfOneColourIsThatColour() throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSamples(0, 0, 8, 8, 0, new int[64]);
    Image decoded = decode(ImageForm.AS_IT_IS, encoded(image, "jpg"));
    assertImage(decoded, 1, 8, 8, new int[64]);
  }

  @Test
  void resizesEncodedImages() throws IOException {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16; i++) {
      image.getRaster().setSample(i % 4, i / 4, 0, i % 4 < 2 ? 0 : 200);
    }
    ImageForm half = ImageForm.AS_IT_IS.withSize("2x2");
    // Each new pixel weighs 3, 3, 1 (and, at the middle, 1 of the other side) of a line of four.
    assertImage(decode(half, encoded(image, "png")), 1, 2, 2, 29, 171, 29, 171);
    Image larger = decode(ImageForm.AS_IT_IS.withSize("5x7"), encoded(image, "png"));
    assertEquals(new Shape(1, 5, 7), larger.shape());
    assertEquals(0, larger.pixels()[0]);
    assertEquals((byte) 200, larger.pixels()[6]);
  }

  @Test
  void rawBytesAndNumbersAreSquareOrOfAGivenSize() {
    assertImage(decode(ImageForm.AS_IT_IS, new byte[] {1, 2, 3, -1}), 1, 2, 2, 1, 2, 3, 255);
    assertImage(decode(ImageForm.AS_IT_IS, List.of(1, 2.0, 3L, 255f)), 1, 2, 2, 1, 2, 3, 255);
    assertImage(decode(ImageForm.AS_IT_IS, Vectors.dense(1, 2, 3, 4)), 1, 2, 2, 1, 2, 3, 4);
    assertImage(
        decode(ImageForm.AS_IT_IS, Vectors.sparse(4, new int[] {2}, new double[] {9})),
        1,
        2,
        2,
        0,
        0,
        9,
        0);
    assertImage(
        decode(ImageForm.AS_IT_IS.withSize("1x2"), new byte[] {1, 2, 3, 4, 5, 6}),
        3,
        1,
        2,
        1,
        2,
        3,
        4,
        5,
        6);
    assertImage(
        decode(new ImageForm(1, 2, 3, true, 255), new byte[] {1, 2, 3, 4, 5, 6}),
        3,
        1,
        2,
        1,
        4,
        2,
        5,
        3,
        6);
    assertImage(
        decode(new ImageForm(0, 0, 1, false, 1), new double[] {0, 0.5, 0.25, 1}),
        1,
        2,
        2,
        0,
        128,
        64,
        255);
  }

  @Test
  void badImagesSayWhatTheyAre() throws IOException {
    assertBad(ImageForm.AS_IT_IS, null, "none");
    assertBad(ImageForm.AS_IT_IS, new byte[0], "a PNG, a JPEG", "no bytes");
    assertBad(ImageForm.AS_IT_IS, new byte[5], "5 other bytes");
    assertBad(ImageForm.AS_IT_IS, "text", "String");
    assertBad(ImageForm.AS_IT_IS, List.of(1, 2, 3), "square", "3 of them");
    assertBad(ImageForm.AS_IT_IS, new double[] {1, 2, 3, Double.NaN}, "0 to 255", "NaN", "place 3");
    assertBad(
        ImageForm.AS_IT_IS,
        new double[] {1, 2, Double.POSITIVE_INFINITY, 4},
        "Infinity",
        "place 2");
    assertBad(ImageForm.AS_IT_IS, new double[] {1, 2, 256, 4}, "256", "place 2");
    assertBad(ImageForm.AS_IT_IS, Arrays.asList(1, null, 3, 4), "null at place 1");
    assertBad(ImageForm.AS_IT_IS.withSize("3x3"), new byte[8], "8 other bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void whatIsCutShortIsBadWhereverItIsCut(String format) throws IOException {
    byte[] whole = encoded(grey(16, 16, BufferedImage.TYPE_BYTE_GRAY), format);
    // The last bytes of a PNG are an end mark, of which no pixel depends.
    int last = format.equals("png") ? whole.length - 16 : whole.length - 1;
    for (int length = 10; length < last; length += 7) {
      assertBad(ImageForm.AS_IT_IS, Arrays.copyOf(whole, length), "whole", "cannot be read");
    }
  }

  @Test
  void noBytesMakeItThrowAnythingElse() throws IOException {
    byte[] whole = encoded(grey(9, 9, BufferedImage.TYPE_BYTE_GRAY), "png");
    for (int i = 8; i < whole.length; i++) {
      byte[] broken = whole.clone();
      broken[i] ^= 0x55;
      try {
        new PixelDecoder(ImageForm.AS_IT_IS).decode(broken);
      } catch (BadRecord e) {
        assertTrue(e.getMessage().startsWith("expected "), e.getMessage());
      }
    }
  }

  @Test
  void anImageTooLargeIsRefusedBeforeItIsDecoded() throws IOException {
    byte[] png = encoded(grey(2, 2, BufferedImage.TYPE_BYTE_GRAY), "png");
    // Width and height of the header, and its checksum.
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    assertBad(ImageForm.AS_IT_IS, png, "pixels at most", "60000 x 60000");
  }
}
