package io.gradcast.engine.data;

/**
 * Draws lines by their distance to the centre of each pixel, so with smooth edges. Coordinates are
 * pixels from the top left corner; ink lies between 0 and 1 and does not add up where lines cross.
 */
final class Canvas {

  /**
   * What a line looks like across: full ink up to {@code radius - softness / 2} from its middle,
   * none from {@code radius + softness / 2} on (in pixels).
   */
  record Pen(double radius, double softness, double ink) {

    double reach() {
      return radius + softness / 2;
    }
  }

  /** Lines that a curve is made of, between two of its points. */
  private static final int LINES = 4;

  private final int height;
  private final int width;
  private final double[] ink;

  Canvas(int height, int width) {
    this.height = height;
    this.width = width;
    this.ink = new double[height * width];
  }

  /** The ink on a pixel, counted row by row from the top left. */
  double ink(int pixel) {
    return ink[pixel];
  }

  /**
   * A Catmull-Rom spline through the points x, y, x, y, ...; a point that comes twice is a corner.
   */
  void curve(double[] path, Pen pen) {
    int last = path.length - 2;
    for (int b = 0; b < last; b += 2) {
      int a = Math.max(b - 2, 0);
      int c = b + 2;
      int d = Math.min(b + 4, last);
      if (path[b] == path[c] && path[b + 1] == path[c + 1]) {
        continue;
      }
      double fromX = path[b];
      double fromY = path[b + 1];
      for (int i = 1; i <= LINES; i++) {
        double t = (double) i / LINES;
        double toX = spline(path[a], path[b], path[c], path[d], t);
        double toY = spline(path[a + 1], path[b + 1], path[c + 1], path[d + 1], t);
        line(fromX, fromY, toX, toY, pen);
        fromX = toX;
        fromY = toY;
      }
    }
  }

  private static double spline(double a, double b, double c, double d, double t) {
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  }

  /** A straight line with round ends. */
  void line(double x0, double y0, double x1, double y1, Pen pen) {
    double reach = pen.reach();
    int left = clamp(Math.min(x0, x1) - reach, width);
    int right = clamp(Math.max(x0, x1) + reach + 1, width);
    int top = clamp(Math.min(y0, y1) - reach, height);
    int bottom = clamp(Math.max(y0, y1) + reach + 1, height);
    double dx = x1 - x0;
    double dy = y1 - y0;
    double perSquare = 1 / Math.max(dx * dx + dy * dy, 1e-9);
    for (int row = top; row < bottom; row++) {
      double py = row + 0.5 - y0;
      for (int column = left; column < right; column++) {
        double px = column + 0.5 - x0;
        double t = Math.max(0, Math.min(1, (px * dx + py * dy) * perSquare));
        double ex = px - t * dx;
        double ey = py - t * dy;
        double square = ex * ex + ey * ey;
        if (square < reach * reach) {
          double cover = Math.min(1, (reach - Math.sqrt(square)) / pen.softness);
          int pixel = row * width + column;
          ink[pixel] = Math.max(ink[pixel], pen.ink * cover);
        }
      }
    }
  }

  private static int clamp(double coordinate, int size) {
    return (int) Math.max(0, Math.min(size, coordinate));
  }
}
