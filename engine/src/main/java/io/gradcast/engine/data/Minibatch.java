package io.gradcast.engine.data;

import io.gradcast.engine.tensor.Shape;
import java.util.stream.IntStream;

/**
 * Samples from several holders, copied side by side so that they fill whole groups of lanes
 * together. It grows to the largest that was asked of it, and then allocates nothing more.
 */
public final class Minibatch {

  private Samples samples = new Samples(new Shape(1, 1, 1), new long[0], new byte[0], new int[0]);
  private int[] rows = {};
  private int count;

  /** Makes it empty again. */
  public void clear() {
    count = 0;
  }

  /** Copies some samples: elements {@code from} to {@code to} - 1 of {@code which}. */
  public void add(Holder holder, int[] which, int from, int to) {
    reserve(holder, count + to - from);
    for (int i = from; i < to; i++) {
      holder.copyTo(which[i], samples, count);
      count++;
    }
  }

  private void reserve(Holder holder, int needed) {
    if (count == 0 && !samples.isLike(holder)) {
      samples = holder.blank(0);
    }
    if (needed > samples.count()) {
      Samples larger = holder.blank(Math.max(needed, 2 * samples.count()));
      larger.copy(samples, 0, 0, count);
      samples = larger;
      rows = IntStream.range(0, samples.count()).toArray();
    }
  }

  /** Where the samples are, at rows 0 to {@link #count} - 1. */
  public Samples samples() {
    return samples;
  }

  /** The numbers of the rows, ascending. */
  public int[] rows() {
    return rows;
  }

  /** Samples that were added. */
  public int count() {
    return count;
  }
}
