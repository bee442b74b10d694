package io.gradcast.engine.data;

import io.gradcast.engine.random.Philox.Purpose;
import java.util.Arrays;

/**
 * The order of samples within an epoch, a function of (seed, epoch): a permutation of the stable
 * ids 0 to count - 1, so that whoever holds a sample knows its position without seeing any other.
 * Minibatch t is positions t * B to (t + 1) * B - 1.
 */
public final class EpochOrder {

  private final long seed;
  private final KeyedPermutation permutation;

  /**
   * @param count samples in the whole data set, whose ids are 0 to count - 1
   */
  public EpochOrder(long seed, long count) {
    this.seed = seed;
    permutation = new KeyedPermutation(count);
  }

  /** Turns to an epoch. */
  public void begin(int epoch) {
    permutation.begin(seed, Purpose.ORDER, epoch);
  }

  /** The position, 0 to count - 1, of the sample with this id in the current epoch. */
  public long position(long id) {
    return permutation.position(id);
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
