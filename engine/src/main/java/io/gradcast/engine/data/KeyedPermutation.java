package io.gradcast.engine.data;

import io.gradcast.engine.random.Philox;
import io.gradcast.engine.random.Philox.Purpose;
import java.io.Serializable;

/**
 * A permutation of the numbers 0 to count - 1 as a function of (seed, purpose, epoch), of which any
 * element is computed without the others: a Feistel network on the smallest power of two that holds
 * the count, walked until it falls inside (Black and Rogaway, "Ciphers with arbitrary finite
 * domains", 2002).
 */
final class KeyedPermutation implements Serializable {

  private static final long serialVersionUID = 1;

  private static final int ROUNDS = 8;

  private final long count;
  private final int leftBits;
  private final int rightBits;
  private final long[] keys = new long[ROUNDS];

  KeyedPermutation(long count) {
    this.count = count;
    int bits = Math.max(2, Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, count - 1)));
    leftBits = bits / 2;
    rightBits = bits - leftBits;
  }

  /** Turns to a permutation. */
  void begin(long seed, Purpose purpose, int epoch) {
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = Philox.bits(seed, purpose, epoch, 0, round);
    }
  }

  /** Where a number goes. */
  long position(long number) {
    long x = number;
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
}
