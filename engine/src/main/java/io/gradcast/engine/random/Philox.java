package io.gradcast.engine.random;

/**
 * Random numbers as a function of what they are for: the counter-based generator Philox4x32-10
 * (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). The key
 * is the seed, the counter says (purpose, epoch, item, element), so a number does not depend on
 * where, when or in what order it is drawn.
 */
public final class Philox {

  /** What a number is drawn for: one word of the counter, so a stream of its own for each. */
  public enum Purpose {
    /** Initial parameters. */
    INITIALIZATION(0),
    /** The order of samples within an epoch. */
    ORDER(1),
    /** Synthetic images. */
    SYNTHESIS(2),
    /** Which elements dropout drops. */
    DROPOUT(3),
    /** Varied training images. */
    AUGMENTATION(4),
    /** Which samples are held out for validation. */
    VALIDATION(5),
    /** Which samples are held out for the test. */
    TEST(6);

    private final int word;

    Purpose(int word) {
      this.word = word;
    }
  }

  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private Philox() {}

  /** 64 random bits for (seed, purpose, epoch, item, element). */
  public static long bits(long seed, Purpose purpose, int epoch, int item, int element) {
    return block((int) seed, (int) (seed >>> 32), element, item, epoch, purpose.word);
  }

  /**
   * 64 random bits for (seed, purpose, stream, epoch, item, element).
   *
   * @param stream tells apart what has the same purpose, such as layers; from 0, below 2^16
   * @param item from 0, below 2^40
   */
  public static long bits(
      long seed, Purpose purpose, int stream, int epoch, long item, int element) {
    int last = purpose.word | stream << 8 | (int) (item >>> 32) << 24;
    return block((int) seed, (int) (seed >>> 32), element, (int) item, epoch, last);
  }

  /** A number uniform on [0, 1), a multiple of 2^-53, for (seed, purpose, epoch, item, element). */
  public static double uniform(long seed, Purpose purpose, int epoch, int item, int element) {
    return (bits(seed, purpose, epoch, item, element) >>> 11) * 0x1p-53;
  }

  /** The first two of the four output words, the first in the low half. */
  static long block(int key0, int key1, int c0, int c1, int c2, int c3) {
    int k0 = key0;
    int k1 = key1;
    int x0 = c0;
    int x1 = c1;
    int x2 = c2;
    int x3 = c3;
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(x0);
      long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(x2);
      x0 = (int) (product1 >>> 32) ^ x1 ^ k0;
      x1 = (int) product1;
      x2 = (int) (product0 >>> 32) ^ x3 ^ k1;
      x3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    return Integer.toUnsignedLong(x0) | (Integer.toUnsignedLong(x1) << 32);
  }
}
