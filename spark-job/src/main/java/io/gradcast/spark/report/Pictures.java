package io.gradcast.spark.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;

/** Planes as PNG files in data URIs, which a page can hold. */
final class Pictures {

  /** Two colours that everybody can tell apart (Okabe and Ito 2008), and what lies between. */
  private static final int[] NEGATIVE = {0, 94, 162};

  private static final int[] ZERO = {247, 247, 247};
  private static final int[] POSITIVE = {200, 76, 0};

  private Pictures() {}

  /**
   * An image of the data, its values from 0 to 1: red, green and blue of three channels, else
   * shades of grey of the first.
   */
  static String image(List<Plane> channels) {
    List<Plane> shown = channels.stream().map(Plane::shrunk).toList();
    Plane red = shown.get(0);
    boolean coloured = shown.size() == 3;
    Plane green = coloured ? shown.get(1) : red;
    Plane blue = coloured ? shown.get(2) : red;
    return png(
        red, i -> rgb(level(red.values()[i]), level(green.values()[i]), level(blue.values()[i])));
  }

  /** Values from -1 to 1: blue below zero, white at zero, orange above. */
  static String signed(Plane plane) {
    Plane shown = plane.shrunk();
    return png(shown, i -> signed(shown.values()[i]));
  }

  private static int signed(float value) {
    int[] end = value < 0 ? NEGATIVE : POSITIVE;
    float share = Math.min(1, Math.abs(value));
    int[] mixed = new int[3];
    for (int i = 0; i < 3; i++) {
      mixed[i] = Math.round(ZERO[i] + share * (end[i] - ZERO[i]));
    }
    return rgb(mixed[0], mixed[1], mixed[2]);
  }

  private static int level(float value) {
    return Math.round(255 * Math.max(0, Math.min(1, value)));
  }

  private static int rgb(int red, int green, int blue) {
    return red << 16 | green << 8 | blue;
  }

  private static String png(Plane plane, IntUnaryOperator colour) {
    BufferedImage image =
        new BufferedImage(plane.width(), plane.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < plane.values().length; i++) {
      image.setRGB(i % plane.width(), i / plane.width(), colour.applyAsInt(i));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this JVM writes no PNG files");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a ByteArrayOutputStream does not fail", e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(out.toByteArray());
  }
}
