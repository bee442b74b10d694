package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElasticFieldTest {

  private static final int FIELDS = 4000;

  @ParameterizedTest
  @CsvSource({"28, 28, 1.5", "9, 40, 3", "1, 5, 0.5"})
  void everyPixelIsDisplacedByTheDeviationAboutItsPlace(int height, int width, double deviation) {
    ElasticField field = new ElasticField(height, width, deviation);
    int pixels = height * width;
    double[][] sums = new double[2][pixels];
    double[][] squares = new double[2][pixels];
    float[][] axes = new float[2][pixels];
    for (int item = 0; item < FIELDS; item++) {
      for (int axis = 0; axis < 2; axis++) {
        Arrays.fill(axes[axis], 0);
      }
      field.displace(1, 2, item, 16, axes[0], axes[1]);
      for (int axis = 0; axis < 2; axis++) {
        for (int i = 0; i < pixels; i++) {
          sums[axis][i] += axes[axis][i];
          squares[axis][i] += (double) axes[axis][i] * axes[axis][i];
        }
      }
    }
    for (int axis = 0; axis < 2; axis++) {
      for (int i = 0; i < pixels; i++) {
        // Five standard errors of a mean and of a deviation.
        double error = 5 * deviation / Math.sqrt(FIELDS);
        assertEquals(0, sums[axis][i] / FIELDS, error, "mean of pixel " + i);
        double found = Math.sqrt(squares[axis][i] / FIELDS);
        assertEquals(deviation, found, error, "deviation of pixel " + i);
      }
    }
  }

  /** Of displacements under a Gaussian of deviation s, pixels d apart: exp(-d^2 / 4 s^2). */
  @Test
  void neighboursAreDisplacedAlikeAsFarAsTheGaussianReaches() {
    ElasticField field = new ElasticField(56, 56, 1);
    float[] rows = new float[56 * 56];
    float[] columns = new float[56 * 56];
    int middle = 28 * 56 + 28;
    double[] products = new double[28];
    double across = 0;
    for (int item = 0; item < FIELDS; item++) {
      Arrays.fill(rows, 0);
      Arrays.fill(columns, 0);
      field.displace(1, 0, item, 16, rows, columns);
      for (int apart = 0; apart < products.length; apart++) {
        products[apart] += (double) rows[middle] * rows[middle - apart] / FIELDS;
      }
      across += (double) rows[middle] * columns[middle] / FIELDS;
    }
    for (int apart = 0; apart < 16; apart++) {
      double expected = Math.exp(-apart * apart / (4.0 * 8 * 8));
      assertEquals(expected, products[apart], 0.08, apart + " pixels apart");
    }
    assertEquals(0, across, 0.08, "one axis and the other");
  }

  @Test
  void displacementIsAddedToWhatIsThere() {
    ElasticField field = new ElasticField(6, 6, 1);
    float[] rows = new float[36];
    float[] columns = new float[36];
    field.displace(1, 2, 3, 16, rows, columns);
    float[] moved = new float[36];
    Arrays.fill(moved, 100);
    field.displace(1, 2, 3, 16, moved, new float[36]);
    for (int i = 0; i < moved.length; i++) {
      assertEquals(rows[i], moved[i] - 100, 1e-4);
    }
    assertFalse(Arrays.equals(rows, columns));
  }

  @Test
  void isAFunctionOfSeedEpochAndItem() {
    float[] expected = rows(new ElasticField(6, 7, 1), 1, 2, 3);
    ElasticField used = new ElasticField(6, 7, 1);
    rows(used, 9, 9, 9);
    assertArrayEquals(expected, rows(used, 1, 2, 3));
    assertFalse(Arrays.equals(expected, rows(used, 2, 2, 3)));
    assertFalse(Arrays.equals(expected, rows(used, 1, 3, 3)));
    assertFalse(Arrays.equals(expected, rows(used, 1, 2, 4)));
  }

  private static float[] rows(ElasticField field, long seed, int epoch, int item) {
    float[] rows = new float[42];
    field.displace(seed, epoch, item, 16, rows, new float[42]);
    return rows;
  }
}
