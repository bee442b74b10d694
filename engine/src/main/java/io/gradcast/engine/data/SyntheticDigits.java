package io.gradcast.engine.data;

import io.gradcast.engine.random.Philox;
import io.gradcast.engine.random.Philox.Purpose;

/**
 * Images of digits as if by hand: white ink on black, 28x28, made from {@link Glyphs} by shaking
 * the pen's path, a slanted, turned, stretched and shifted frame, a pen of some width, now and then
 * a stray stroke, and noise. Image and label are functions of (seed, split, index), so they can be
 * had in any order, any number and anywhere, the same bytes each time: the arithmetic is +, -, *, /
 * and square root, which IEEE 754 defines exactly, and {@link StrictMath}.
 */
public final class SyntheticDigits {

  /** Height and width of an image, in pixels. */
  public static final int SIDE = 28;

  /** Bytes of an image. */
  public static final int PIXELS = SIDE * SIDE;

  /** Labels are 0 to 9. */
  public static final int CLASSES = 10;

  /** Which of two sets without a common image. */
  public enum Split {
    /** To train on. */
    TRAIN(0),
    /** To evaluate on. */
    TEST(1);

    private final int word;

    Split(int word) {
      this.word = word;
    }
  }

  /** The first element of an image's noise; what comes before it goes to the drawing. */
  private static final int NOISE = 1 << 16;

  /** A scanner's black point: noise below it does not show on an empty background. */
  private static final double BLACK_POINT = 0.06;

  private final long seed;
  private final Split split;

  public SyntheticDigits(long seed, Split split) {
    this.seed = seed;
    this.split = split;
  }

  /** The digit, 0 to 9, on image {@code index}; all ten are equally likely. */
  public int label(int index) {
    return new Draws(index).label();
  }

  /**
   * Writes image {@code index}.
   *
   * @param out {@link #PIXELS} unsigned bytes, row by row from the top left; 0 is background, 255
   *     full ink
   */
  public void image(int index, byte[] out) {
    if (out.length != PIXELS) {
      throw new IllegalArgumentException(
          "image: expected %d bytes, found %d".formatted(PIXELS, out.length));
    }
    Canvas canvas = new Canvas(SIDE, SIDE);
    Draws draws = new Draws(index);
    drawDigit(canvas, draws.label(), draws);
    if (draws.next() < 0.25) {
      drawStray(canvas, draws);
    }
    develop(canvas, draws.between(0.02, 0.22), index, out);
  }

  /** The glyph's points are shaken in its own units (1 is the digit's height), then framed. */
  private static void drawDigit(Canvas canvas, int digit, Draws draws) {
    double[][] strokes = Glyphs.strokes(digit, draws.next());
    Frame frame = Frame.draw(draws);
    Canvas.Pen pen =
        new Canvas.Pen(draws.between(0.9, 1.9), draws.between(0.9, 2.0), draws.between(0.8, 1.0));
    double shake = draws.between(0.02, 0.07);
    for (double[] stroke : strokes) {
      double[] path = new double[stroke.length];
      for (int i = 0; i < stroke.length; i += 2) {
        boolean corner = i > 0 && stroke[i] == stroke[i - 2] && stroke[i + 1] == stroke[i - 1];
        if (corner) {
          path[i] = path[i - 2];
          path[i + 1] = path[i - 1];
        } else {
          double x = stroke[i] + shake * draws.spread();
          double y = stroke[i + 1] + shake * draws.spread();
          path[i] = frame.x(x, y);
          path[i + 1] = frame.y(x, y);
        }
      }
      canvas.curve(path, pen);
    }
  }

  /** A short, faint, straight stroke that belongs to nothing. */
  private static void drawStray(Canvas canvas, Draws draws) {
    Canvas.Pen pen =
        new Canvas.Pen(draws.between(0.3, 0.9), draws.between(0.9, 1.6), draws.between(0.2, 0.7));
    double x = draws.between(0, SIDE);
    double y = draws.between(0, SIDE);
    canvas.line(x, y, x + 7 * draws.spread(), y + 7 * draws.spread(), pen);
  }

  /** Ink and noise to bytes; 16 random bits a pixel. */
  private void develop(Canvas canvas, double level, int index, byte[] out) {
    long bits = 0;
    for (int p = 0; p < PIXELS; p++) {
      bits =
          p % 4 == 0
              ? Philox.bits(seed, Purpose.SYNTHESIS, split.word, index, NOISE + p / 4)
              : bits >>> 16;
      double noise = ((bits & 0xff) + (bits >>> 8 & 0xff)) / 255.0 - 1;
      double value = canvas.ink(p) + level * noise - BLACK_POINT;
      out[p] = (byte) (255 * Math.max(0, Math.min(1, value)));
    }
  }

  /** From a glyph's units to pixels: a slight bend to one side, then an affine map. */
  private record Frame(
      double xx, double xy, double x0, double yx, double yy, double y0, double bend) {

    static Frame draw(Draws draws) {
      double height = draws.between(15, 22);
      double width = height * draws.between(0.65, 1.1);
      double slant = draws.between(-0.15, 0.4);
      double angle = 0.2 * draws.spread();
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      double middle = SIDE / 2.0;
      return new Frame(
          width * cos,
          -height * (sin + slant * cos),
          middle + 1.7 * draws.spread(),
          width * sin,
          height * (cos - slant * sin),
          middle + 1.7 * draws.spread(),
          0.3 * draws.spread());
    }

    double x(double x, double y) {
      return x0 + xx * (x + bend * y * y) + xy * y;
    }

    double y(double x, double y) {
      return y0 + yx * (x + bend * y * y) + yy * y;
    }
  }

  /** The random numbers of one image, in the order of their use. */
  private final class Draws {

    private final int index;
    private int element;

    Draws(int index) {
      this.index = index;
    }

    /** The first draw. */
    int label() {
      return (int) (CLASSES * next());
    }

    /** Uniform on [0, 1). */
    double next() {
      return Philox.uniform(seed, Purpose.SYNTHESIS, split.word, index, element++);
    }

    double between(double low, double high) {
      return low + (high - low) * next();
    }

    /** Between -1 and 1, small values more likely: the density is a triangle. */
    double spread() {
      return next() + next() - 1;
    }
  }
}
