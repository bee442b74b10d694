package io.gradcast.spark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PicturesTest {

  private static BufferedImage read(String uri) throws IOException {
    String prefix = "data:image/png;base64,";
    assertTrue(uri.startsWith(prefix), uri);
    byte[] png = Base64.getDecoder().decode(uri.substring(prefix.length()));
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }

  @Test
  void oneChannelIsGrey() throws IOException {
    byte[] pixels = {0, (byte) 255, 51, 0, 0, 0};
    BufferedImage image = read(Pictures.image(Plane.of(pixels, new Shape(1, 2, 3))));
    assertEquals(3, image.getWidth());
    assertEquals(2, image.getHeight());
    assertEquals(0x000000, rgb(image, 0, 0));
    assertEquals(0xffffff, rgb(image, 1, 0));
    assertEquals(0x333333, rgb(image, 2, 0));
  }

  @Test
  void threeChannelsAreRedGreenAndBlue() throws IOException {
    byte[] pixels = {(byte) 255, 0, 0, (byte) 128, 0, 1};
    BufferedImage image = read(Pictures.image(Plane.of(pixels, new Shape(3, 1, 2))));
    assertEquals(0xff0000, rgb(image, 0, 0));
    assertEquals(0x008001, rgb(image, 1, 0));
  }

  @Test
  void signIsTheColourAndMagnitudeItsStrength() throws IOException {
    float[] values = {-1, 0, 1};
    BufferedImage image = read(Pictures.signed(new Plane(1, 3, values)));
    assertEquals(0x005ea2, rgb(image, 0, 0));
    assertEquals(0xf7f7f7, rgb(image, 1, 0));
    assertEquals(0xc84c00, rgb(image, 2, 0));
  }

  @Test
  void largePicturesAreShrunkToMeans() throws IOException {
    float[] values = new float[65 * 130];
    Arrays.fill(values, 0.6f);
    values[0] = 0; // of a square of 9
    BufferedImage image = read(Pictures.image(List.of(new Plane(65, 130, values))));
    assertEquals(44, image.getWidth());
    assertEquals(22, image.getHeight());
    assertEquals(0x888888, rgb(image, 0, 0));
    assertEquals(0x999999, rgb(image, 43, 21));
  }
}
