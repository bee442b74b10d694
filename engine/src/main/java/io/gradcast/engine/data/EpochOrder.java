package io.gradcast.engine.data;

import io.gradcast.engine.random.Philox;
import io.gradcast.engine.random.Philox.Purpose;
import java.util.Arrays;

/**
 * The order of samples within an epoch, a function of (seed, epoch): a keyed permutation of the
 * stable ids 0 to count - 1, so that whoever holds a sample knows its position without seeing any
 * other. Minibatch t is positions t * B to (t + 1) * B - 1.
 *
 * <p>The permutation is a Feistel network on the smallest power of two that holds the count, walked
 * until it falls inside (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
 */
public final class EpochOrder {

  private static final int ROUNDS = 8;

  private final long seed;
  private final long count;
  private final int leftBits;
  private final int rightBits;
  private final long[] keys = new long[ROUNDS];

  /**
   * @param count samples in the whole data set, whose ids are 0 to count - 1
   */
  public EpochOrder(long seed, long count) {
    this.seed = seed;
    this.count = count;
    int bits = Math.max(2, Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, count - 1)));
    leftBits = bits / 2;
    rightBits = bits - leftBits;
  }

  /** Turns to an epoch. */
  public void begin(int epoch) {
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = Philox.bits(seed, Purpose.ORDER, epoch, 0, round);
    }
  }

  /** The position, 0 to count - 1, of the sample with this id in the current epoch. */
  public long position(long id) {
    long x = id;
    do {
      x = permute(x);
    } while (x >= count);
    return x;
  }

  /** Each round adds a function of one part to the other, and the parts change places. */
  private long permute(long x) {
    int aBits = leftBits;
    int bBits = rightBits;
    long a = x >>> rightBits;
    long b = x & mask(rightBits);
    for (long key : keys) {
      long next = (a + mix(b ^ key)) & mask(aBits);
      a = b;
      b = next;
      int bits = aBits;
      aBits = bBits;
      bBits = bits;
    }
    return a << bBits | b;
  }

  private static long mask(int bits) {
    return (1L << bits) - 1;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  /**
   * The samples of one holder in the order of the current epoch: {@code sorted} gets position in
   * the upper and row in the lower half, ascending.
   */
  public void sort(long[] ids, long[] sorted) {
    for (int row = 0; row < ids.length; row++) {
      sorted[row] = position(ids[row]) << 32 | row;
    }
    Arrays.sort(sorted);
  }
}
