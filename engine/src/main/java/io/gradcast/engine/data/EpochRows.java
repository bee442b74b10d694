package io.gradcast.engine.data;

/**
 * Which rows of some samples belong to which minibatch of an epoch, for one holder. Sorts once an
 * epoch; a minibatch is then a range.
 */
public final class EpochRows {

  private final long[] ids;
  private final int batchSize;
  private final EpochOrder order;
  private final long[] sorted;
  private final int[] rows;
  private int epoch = -1;

  /**
   * @param totalCount samples of all holders together, whose ids are 0 to totalCount - 1
   */
  public EpochRows(Holder holder, long seed, long totalCount, int batchSize) {
    ids = holder.ids();
    this.batchSize = batchSize;
    order = new EpochOrder(seed, totalCount);
    sorted = new long[ids.length];
    rows = new int[ids.length];
  }

  /** Turns to an epoch, unless it is the current one. */
  public void begin(int newEpoch) {
    if (newEpoch == epoch) {
      return;
    }
    order.begin(newEpoch);
    order.sort(ids, sorted);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (int) sorted[i];
    }
    epoch = newEpoch;
  }

  /** The rows of all samples, in the order of the epoch. */
  public int[] rows() {
    return rows;
  }

  /** Where the samples of minibatch t start in {@link #rows}; they end where t + 1 starts. */
  public int start(int minibatch) {
    long position = (long) minibatch * batchSize;
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] >>> 32 < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
