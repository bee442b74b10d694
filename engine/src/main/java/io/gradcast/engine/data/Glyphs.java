package io.gradcast.engine.data;

import java.util.Arrays;

/**
 * How the digits are written: for each digit its variants, for each variant its strokes, for each
 * stroke the points that the pen passes through. Coordinates run from 0 to 100, x to the right and
 * y downwards; the box is as high as the digit. A point written twice is a corner.
 */
final class Glyphs {

  private static final String[][] TABLE = {
    {
      "52 4, 34 10, 22 34, 22 66, 34 92, 52 97, 70 88, 79 64, 78 36, 68 11, 52 4",
      "60 8, 40 6, 26 26, 21 58, 30 88, 48 97, 66 84, 76 54, 72 22, 56 6, 42 12",
      "50 10, 28 24, 20 52, 30 82, 52 90, 74 78, 80 48, 70 20, 50 10",
    },
    {
      "50 3, 50 50, 50 97",
      "34 24, 52 4, 52 4, 51 50, 50 97",
      "32 24, 50 5, 50 5, 50 50, 50 94 / 28 94, 50 94, 74 94",
    },
    {
      "22 28, 31 9, 52 4, 72 14, 73 35, 58 58, 38 78, 20 94, 20 94, 50 93, 82 93",
      "24 22, 44 5, 67 11, 71 34, 52 64, 30 87, 18 85, 28 75, 48 83, 66 94, 84 88",
      "22 12, 46 5, 70 16, 70 40, 46 66, 20 90, 20 90, 44 88, 62 93, 82 90",
    },
    {
      "24 15, 46 4, 68 14, 66 34, 44 46, 44 46, 68 56, 76 76, 58 95, 36 95, 20 84",
      "22 6, 48 6, 74 6, 74 6, 46 40, 46 40, 70 52, 76 74, 56 95, 22 88",
      "26 10, 54 4, 70 20, 58 40, 40 46, 56 48, 76 64, 70 88, 46 97, 22 90",
    },
    {
      "34 5, 28 30, 22 55, 22 55, 50 54, 82 52 / 64 30, 62 62, 60 97",
      "62 97, 63 50, 64 4, 64 4, 40 36, 16 68, 16 68, 50 67, 86 66",
      "28 6, 24 38, 38 54, 66 46 / 72 5, 67 50, 62 97",
    },
    {
      "76 6, 54 6, 34 7, 34 7, 28 45, 28 45, 54 38, 76 54, 74 80, 50 96, 22 87",
      "34 8, 30 28, 27 47, 27 47, 52 40, 72 56, 70 82, 46 97, 22 88 / 34 8, 56 8, 80 5",
      "74 10, 46 4, 32 18, 40 38, 62 50, 72 70, 60 92, 36 95, 22 84",
    },
    {
      "68 5, 44 20, 27 48, 25 78, 44 96, 66 90, 74 70, 58 54, 38 60, 27 78",
      "52 3, 36 30, 26 62, 32 88, 52 96, 70 84, 68 64, 50 56, 34 66, 28 80",
      "72 14, 54 5, 34 20, 24 50, 28 84, 50 96, 72 84, 72 60, 52 48, 30 62",
    },
    {
      "20 8, 50 8, 80 7, 80 7, 60 46, 44 97",
      "20 10, 50 9, 78 8, 78 8, 60 46, 46 97 / 34 52, 52 51, 72 49",
      "20 24, 23 8, 23 8, 50 9, 78 7, 78 7, 58 40, 50 70, 48 97",
      "18 14, 40 7, 62 13, 80 8, 80 8, 58 50, 40 95",
    },
    {
      "68 16, 50 4, 31 13, 33 34, 52 48, 72 65, 73 86, 51 97, 29 87, 29 66, 48 49, 67 34, 68 16",
      "72 12, 50 4, 31 16, 40 38, 62 54, 73 74, 62 94, 40 96, 27 80, 40 58, 60 40, 72 12",
      "50 4, 34 14, 36 36, 50 45, 66 36, 67 14, 50 4 "
          + "/ 50 45, 29 58, 28 84, 50 97, 72 84, 71 58, 50 45",
    },
    {
      "73 22, 56 5, 34 11, 27 32, 42 48, 62 42, 73 22, 73 22, 70 60, 64 97",
      "72 26, 58 6, 36 9, 26 30, 40 48, 64 42, 72 26, 72 26, 74 62, 60 92, 34 95",
      "70 10, 46 4, 28 20, 32 42, 54 46, 70 30, 70 10, 70 10, 62 54, 44 97",
    },
  };

  private static final double[][][][] GLYPHS =
      Arrays.stream(TABLE)
          .map(variants -> Arrays.stream(variants).map(Glyphs::parse).toArray(double[][][]::new))
          .toArray(double[][][][]::new);

  private Glyphs() {}

  /**
   * The strokes of one way to write a digit, each as x, y, x, y, ... in units of the digit's height
   * and from its centre. Shared: not to be written to.
   *
   * @param u picks the variant, on [0, 1)
   */
  static double[][] strokes(int digit, double u) {
    double[][][] variants = GLYPHS[digit];
    return variants[(int) (u * variants.length)];
  }

  private static double[][] parse(String variant) {
    return Arrays.stream(variant.split("/"))
        .map(
            stroke ->
                Arrays.stream(stroke.trim().split(",? +"))
                    .mapToDouble(number -> (Integer.parseInt(number) - 50) / 100.0)
                    .toArray())
        .toArray(double[][]::new);
  }
}
