package io.gradcast.engine.paper;

/**
 * The equations of Zhang 2016, literally, in double precision: written to be compared with the
 * paper, not to be fast. Maps are p = 1..6 and q = 1..12 there and from 0 here; rows and columns i,
 * j are from 1 there and from 0 here; kernel indices u, v are -2..2 in both, stored at u + 2, v +
 * 2.
 */
final class PaperNetwork {

  // Parameters. A kernel of C1 is k1[p][u + 2][v + 2], of C2 k2[p][q][u + 2][v + 2].
  final double[][][] k1 = new double[6][5][5];
  final double[] b1 = new double[6];
  final double[][][][] k2 = new double[6][12][5][5];
  final double[] b2 = new double[12];
  final double[][] w = new double[10][192];
  final double[] b = new double[10];

  // Activations.
  final double[][][] c1 = new double[6][24][24];
  final double[][][] s1 = new double[6][12][12];
  final double[][][] c2 = new double[12][8][8];
  final double[][][] s2 = new double[12][4][4];
  final double[] f = new double[192];
  final double[] yHat = new double[10];

  // Gradients of the loss.
  final double[][][] dk1 = new double[6][5][5];
  final double[] db1 = new double[6];
  final double[][][][] dk2 = new double[6][12][5][5];
  final double[] db2 = new double[12];
  final double[][] dw = new double[10][192];
  final double[] db = new double[10];

  private static double sigma(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Eqs. (4) to (13): the loss of an image of 28 x 28 whose true label is y, one-hot. */
  double forward(double[][] image, double[] y) {
    convolution1(image);
    pooling1();
    convolution2();
    pooling2();
    vectorization();
    fullConnection();
    double loss = 0;
    for (int i = 0; i < 10; i++) {
      loss += 0.5 * (yHat[i] - y[i]) * (yHat[i] - y[i]); // (13)
    }
    return loss;
  }

  /** Eq. (5). The valid part starts at the third row and column of the image. */
  private void convolution1(double[][] image) {
    for (int p = 0; p < 6; p++) {
      for (int i = 0; i < 24; i++) {
        for (int j = 0; j < 24; j++) {
          double sum = b1[p];
          for (int u = -2; u <= 2; u++) {
            for (int v = -2; v <= 2; v++) {
              sum += image[i + 2 - u][j + 2 - v] * k1[p][u + 2][v + 2];
            }
          }
          c1[p][i][j] = sigma(sum);
        }
      }
    }
  }

  /** Eq. (6). */
  private void pooling1() {
    for (int p = 0; p < 6; p++) {
      for (int i = 0; i < 12; i++) {
        for (int j = 0; j < 12; j++) {
          double sum = 0;
          for (int u = 0; u <= 1; u++) {
            for (int v = 0; v <= 1; v++) {
              sum += c1[p][2 * i + 1 - u][2 * j + 1 - v];
            }
          }
          s1[p][i][j] = sum / 4;
        }
      }
    }
  }

  /** Eq. (8). */
  private void convolution2() {
    for (int q = 0; q < 12; q++) {
      for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 8; j++) {
          double sum = b2[q];
          for (int p = 0; p < 6; p++) {
            for (int u = -2; u <= 2; u++) {
              for (int v = -2; v <= 2; v++) {
                sum += s1[p][i + 2 - u][j + 2 - v] * k2[p][q][u + 2][v + 2];
              }
            }
          }
          c2[q][i][j] = sigma(sum);
        }
      }
    }
  }

  /** Eq. (9). */
  private void pooling2() {
    for (int q = 0; q < 12; q++) {
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
          double sum = 0;
          for (int u = 0; u <= 1; u++) {
            for (int v = 0; v <= 1; v++) {
              sum += c2[q][2 * i + 1 - u][2 * j + 1 - v];
            }
          }
          s2[q][i][j] = sum / 4;
        }
      }
    }
  }

  /** Eq. (10): each map by column scan, then one map after the other. */
  private void vectorization() {
    int n = 0;
    for (int q = 0; q < 12; q++) {
      for (int j = 0; j < 4; j++) {
        for (int i = 0; i < 4; i++) {
          f[n++] = s2[q][i][j];
        }
      }
    }
  }

  /** Eq. (12). */
  private void fullConnection() {
    for (int i = 0; i < 10; i++) {
      double sum = b[i];
      for (int j = 0; j < 192; j++) {
        sum += w[i][j] * f[j];
      }
      yHat[i] = sigma(sum);
    }
  }

  /** Eqs. (14) to (64), after forward on the same image: sets the gradients of its loss. */
  void backward(double[][] image, double[] y) {
    double[] dy = new double[10];
    for (int i = 0; i < 10; i++) {
      dy[i] = (yHat[i] - y[i]) * yHat[i] * (1 - yHat[i]); // (17)
      db[i] = dy[i]; // (24)
      for (int j = 0; j < 192; j++) {
        dw[i][j] = dy[i] * f[j]; // (18)
      }
    }
    double[] df = new double[192];
    for (int j = 0; j < 192; j++) {
      for (int i = 0; i < 10; i++) {
        df[j] += dy[i] * w[i][j]; // (29)
      }
    }
    double[][][] dc2Sigma = errorBeforeSigmoid2(df);
    gradients2(dc2Sigma);
    gradients1(image, errorBeforeSigmoid1(errorOnS1(dc2Sigma)));
  }

  /** Eqs. (31), (32) and (37). */
  private double[][][] errorBeforeSigmoid2(double[] df) {
    double[][][] error = new double[12][8][8];
    for (int q = 0; q < 12; q++) {
      for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 8; j++) {
          double ds2 = df[q * 16 + (j / 2) * 4 + i / 2]; // F^-1 of the column scan
          error[q][i][j] = ds2 / 4 * c2[q][i][j] * (1 - c2[q][i][j]);
        }
      }
    }
    return error;
  }

  /** Eqs. (36) and (45). */
  private void gradients2(double[][][] dc2Sigma) {
    for (int q = 0; q < 12; q++) {
      db2[q] = 0;
      for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 8; j++) {
          db2[q] += dc2Sigma[q][i][j];
        }
      }
      for (int p = 0; p < 6; p++) {
        for (int u = -2; u <= 2; u++) {
          for (int v = -2; v <= 2; v++) {
            double sum = 0;
            for (int i = 0; i < 8; i++) {
              for (int j = 0; j < 8; j++) {
                sum += dc2Sigma[q][i][j] * s1[p][i + 2 - u][j + 2 - v];
              }
            }
            dk2[p][q][u + 2][v + 2] = sum;
          }
        }
      }
    }
  }

  /** Eq. (49); outside of C2 there is no error. */
  private double[][][] errorOnS1(double[][][] dc2Sigma) {
    double[][][] error = new double[6][12][12];
    for (int p = 0; p < 6; p++) {
      for (int i = 0; i < 12; i++) {
        for (int j = 0; j < 12; j++) {
          for (int q = 0; q < 12; q++) {
            for (int u = -2; u <= 2; u++) {
              for (int v = -2; v <= 2; v++) {
                int row = i - 2 + u;
                int column = j - 2 + v;
                if (row >= 0 && row < 8 && column >= 0 && column < 8) {
                  error[p][i][j] += dc2Sigma[q][row][column] * k2[p][q][u + 2][v + 2];
                }
              }
            }
          }
        }
      }
    }
    return error;
  }

  /** Eqs. (52) and (57). */
  private double[][][] errorBeforeSigmoid1(double[][][] ds1) {
    double[][][] error = new double[6][24][24];
    for (int p = 0; p < 6; p++) {
      for (int i = 0; i < 24; i++) {
        for (int j = 0; j < 24; j++) {
          error[p][i][j] = ds1[p][i / 2][j / 2] / 4 * c1[p][i][j] * (1 - c1[p][i][j]);
        }
      }
    }
    return error;
  }

  /** Eqs. (56) and (64). */
  private void gradients1(double[][] image, double[][][] dc1Sigma) {
    for (int p = 0; p < 6; p++) {
      db1[p] = 0;
      for (int i = 0; i < 24; i++) {
        for (int j = 0; j < 24; j++) {
          db1[p] += dc1Sigma[p][i][j];
        }
      }
      for (int u = -2; u <= 2; u++) {
        for (int v = -2; v <= 2; v++) {
          double sum = 0;
          for (int i = 0; i < 24; i++) {
            for (int j = 0; j < 24; j++) {
              sum += dc1Sigma[p][i][j] * image[i + 2 - u][j + 2 - v];
            }
          }
          dk1[p][u + 2][v + 2] = sum;
        }
      }
    }
  }
}
