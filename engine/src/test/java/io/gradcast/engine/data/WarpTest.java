package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.tensor.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarpTest {

  private static final Shape SHAPE = new Shape(3, 7, 10);
  private static final int START = 5;

  private final byte[] pixels = new byte[START + SHAPE.size()];
  private final Warp warp = new Warp(SHAPE);
  private final float[] image = new float[SHAPE.size()];

  WarpTest() {
    new Random(3).nextBytes(pixels);
  }

  /** A value of the image; beyond it 0. */
  private int pixel(int channel, int row, int column) {
    boolean inside = row >= 0 && row < SHAPE.height() && column >= 0 && column < SHAPE.width();
    return inside ? pixels[START + index(channel, row, column)] & 0xff : 0;
  }

  private static int index(int channel, int row, int column) {
    return (channel * SHAPE.height() + row) * SHAPE.width() + column;
  }

  @Test
  void identityKeepsEveryValue() {
    warp.set(false, 1, 0, 0, 0);
    warp.apply(pixels, START, image);
    for (int i = 0; i < image.length; i++) {
      assertEquals(pixels[START + i] & 0xff, image[i], "value " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0", "-2, 3", "6, -9", "0, 10", "-7, 0", "-1000, 1000000"})
  void moveByWholePixelsMovesValuesAsTheyAre(int down, int right) {
    warp.set(false, 1, 0, down, right);
    warp.apply(pixels, START, image);
    for (int c = 0; c < SHAPE.channels(); c++) {
      for (int row = 0; row < SHAPE.height(); row++) {
        for (int column = 0; column < SHAPE.width(); column++) {
          assertEquals(pixel(c, row - down, column - right), image[index(c, row, column)]);
        }
      }
    }
  }

  @Test
  void moveByHalfAPixelGivesTheMeanOfNeighboursAndFadesAtTheEdge() {
    warp.set(false, 1, 0, 0, 0.5);
    warp.apply(pixels, START, image);
    for (int column = 0; column < SHAPE.width(); column++) {
      float mean = (pixel(1, 2, column - 1) + pixel(1, 2, column)) / 2f;
      assertEquals(mean, image[index(1, 2, column)]);
    }
  }

  @Test
  void mirrorExchangesLeftAndRightAndTwiceIsNothing() {
    warp.set(true, 1, 0, 0, 0);
    warp.apply(pixels, START, image);
    byte[] mirrored = new byte[image.length];
    for (int i = 0; i < image.length; i++) {
      mirrored[i] = (byte) image[i];
    }
    assertEquals(pixel(2, 4, 9), image[index(2, 4, 0)]);
    warp.apply(mirrored, 0, image);
    for (int i = 0; i < image.length; i++) {
      assertEquals(pixels[START + i] & 0xff, image[i]);
    }
  }

  @Test
  void quarterTurnOfASquareIsClockwise() {
    byte[] square = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    Warp small = new Warp(new Shape(1, 3, 3));
    float[] turned = new float[9];
    small.set(false, 1, Math.PI / 2, 0, 0);
    small.apply(square, 0, turned);
    assertArrayEquals(new float[] {7, 4, 1, 8, 5, 2, 9, 6, 3}, turned, 1e-5f);
  }

  @ParameterizedTest
  @CsvSource({
    "false, 1, 0.3, 0, 0",
    "false, 0.8, 0, 0, 0",
    "false, 1.3, -2.5, 1.25, -3.7",
    "true, 1.1, 0.7, -0.6, 2.2",
  })
  void anyMapAgreesWithMappingForthInDoublePrecision(
      boolean mirror, double factor, double angle, double down, double right) {
    warp.set(mirror, factor, angle, down, right);
    warp.apply(pixels, START, image);
    double[] at = new double[2];
    for (int row = 0; row < SHAPE.height(); row++) {
      for (int column = 0; column < SHAPE.width(); column++) {
        source(mirror, factor, angle, row - 3.0 - down, column - 4.5 - right, at);
        for (int c = 0; c < SHAPE.channels(); c++) {
          double expected = interpolated(c, at[0] + 3.0, at[1] + 4.5);
          assertEquals(expected, image[index(c, row, column)], 255 * 4e-6, row + ", " + column);
        }
      }
    }
  }

  /** Solves for the place whose mirrored, enlarged, turned one is (y, x), by Cramer's rule. */
  private static void source(
      boolean mirror, double factor, double angle, double y, double x, double[] at) {
    // Of a point of the image (v down, u right), where a clockwise turn takes right to down.
    double xu = factor * Math.cos(angle);
    double xv = -factor * Math.sin(angle);
    double yu = factor * Math.sin(angle);
    double yv = factor * Math.cos(angle);
    double determinant = xu * yv - xv * yu;
    double u = (x * yv - xv * y) / determinant;
    at[0] = (xu * y - x * yu) / determinant;
    at[1] = mirror ? -u : u;
  }

  /** Every pixel weighted by how near it is. */
  private double interpolated(int channel, double y, double x) {
    double sum = 0;
    for (int row = 0; row < SHAPE.height(); row++) {
      for (int column = 0; column < SHAPE.width(); column++) {
        double weight = Math.max(0, 1 - Math.abs(y - row)) * Math.max(0, 1 - Math.abs(x - column));
        sum += weight * pixel(channel, row, column);
      }
    }
    return sum;
  }
}
