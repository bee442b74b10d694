package io.gradcast.engine.data;

import io.gradcast.engine.tensor.Shape;
import java.util.Arrays;
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
  public void add(Samples holder, int[] which, int from, int to) {
    reserve(holder.shape(), count + to - from);
    int size = holder.shape().size();
    for (int i = from; i < to; i++) {
      int row = which[i];
      samples.ids()[count] = holder.ids()[row];
      samples.labels()[count] = holder.label(row);
      System.arraycopy(
          holder.pixels(), holder.start(row), samples.pixels(), samples.start(count), size);
      count++;
    }
  }

  private void reserve(Shape shape, int needed) {
    if (count == 0 && !shape.equals(samples.shape())) {
      samples = new Samples(shape, new long[0], new byte[0], new int[0]);
    }
    if (needed > samples.count()) {
      int capacity = Math.max(needed, 2 * samples.count());
      samples =
          new Samples(
              shape,
              Arrays.copyOf(samples.ids(), capacity),
              Arrays.copyOf(samples.pixels(), Math.multiplyExact(capacity, shape.size())),
              Arrays.copyOf(samples.labels(), capacity));
      rows = IntStream.range(0, capacity).toArray();
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
