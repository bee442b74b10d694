package io.gradcast.engine.paper;

import java.util.function.DoubleUnaryOperator;

/**
 * The paper's parameters, or their gradients, in the order in which the engine has them in one
 * array: C1 kernels [p][u][v] and biases, C2 kernels [q][p][u][v] and biases, W [10][192] and b.
 */
final class PaperParameters {

  static final int COUNT = 3898;

  private PaperParameters() {}

  /** Replaces each parameter, given its place, by a function of it. */
  interface Visitor {
    double visit(int place, double value);
  }

  static double[] parameters(PaperNetwork n) {
    return collect(n.k1, n.b1, n.k2, n.b2, n.w, n.b);
  }

  static double[] gradients(PaperNetwork n) {
    return collect(n.dk1, n.db1, n.dk2, n.db2, n.dw, n.db);
  }

  private static double[] collect(
      double[][][] k1, double[] b1, double[][][][] k2, double[] b2, double[][] w, double[] b) {
    double[] all = new double[COUNT];
    walk(
        k1,
        b1,
        k2,
        b2,
        w,
        b,
        (place, value) -> {
          all[place] = value;
          return value;
        });
    return all;
  }

  /** Sets all parameters from one array. */
  static void set(PaperNetwork n, double[] all) {
    walk(n.k1, n.b1, n.k2, n.b2, n.w, n.b, (place, value) -> all[place]);
  }

  /** Changes the one parameter at a place. */
  static void change(PaperNetwork n, int changed, DoubleUnaryOperator change) {
    walk(
        n.k1,
        n.b1,
        n.k2,
        n.b2,
        n.w,
        n.b,
        (place, value) -> place == changed ? change.applyAsDouble(value) : value);
  }

  private static void walk(
      double[][][] k1,
      double[] b1,
      double[][][][] k2,
      double[] b2,
      double[][] w,
      double[] b,
      Visitor visitor) {
    int place = 0;
    for (double[][] kernel : k1) {
      place = walk(kernel, visitor, place);
    }
    place = walk(b1, visitor, place);
    for (int q = 0; q < 12; q++) {
      for (int p = 0; p < 6; p++) {
        place = walk(k2[p][q], visitor, place);
      }
    }
    place = walk(b2, visitor, place);
    place = walk(w, visitor, place);
    walk(b, visitor, place);
  }

  private static int walk(double[][] rows, Visitor visitor, int first) {
    int place = first;
    for (double[] row : rows) {
      place = walk(row, visitor, place);
    }
    return place;
  }

  private static int walk(double[] row, Visitor visitor, int first) {
    for (int i = 0; i < row.length; i++) {
      row[i] = visitor.visit(first + i, row[i]);
    }
    return first + row.length;
  }
}
