package io.gradcast.engine.tensor;

import io.gradcast.engine.kernel.FixedPoint;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * The exact sum of per-sample gradients and losses over part of a minibatch: integers on the grid
 * of {@link FixedPoint}, so that parts can be added in any order and grouping. An empty sum holds
 * no array, and so costs nothing to ship.
 */
public final class GradientSum implements Serializable {

  private static final long serialVersionUID = 1;

  private static final int NONE = Integer.MAX_VALUE;

  /** Loss, time, samples, those predicted, layer and number of elements. */
  private static final int HEAD_BYTES = 2 * Long.BYTES + 4 * Integer.BYTES;

  private long[] gradient;
  private long loss;
  private int samples;
  private int right;
  private long busyNanos;
  private int divergedLayer = NONE;

  /** The sum of one gradient element for each parameter; allocated on first use. */
  public long[] gradient(int parameterCount) {
    if (gradient == null) {
      gradient = new long[parameterCount];
    }
    return gradient;
  }

  /** The gradient array, or null where nothing was added yet. */
  public long[] gradientOrNull() {
    return gradient;
  }

  /** Sum of losses, in steps of the grid. */
  public long loss() {
    return loss;
  }

  /** Samples whose gradients are in the sum. */
  public int samples() {
    return samples;
  }

  /** Those of them that were predicted rightly. */
  public int right() {
    return right;
  }

  /** Time spent on arithmetic, summed over threads; it has no part in any result. */
  public long busyNanos() {
    return busyNanos;
  }

  /** Whether some sample's gradient or loss was not finite, or too large to sum. */
  public boolean diverged() {
    return divergedLayer != NONE;
  }

  /** The first layer where it did, in the order of the network; its layer count is the loss. */
  public int divergedLayer() {
    return divergedLayer;
  }

  /** Notes that a gradient or loss of this layer was out of range. */
  public void markDiverged(int layer) {
    divergedLayer = Math.min(divergedLayer, layer);
  }

  /** Adds the losses of the first {@code lanes} lanes; returns whether all were in range. */
  public boolean addLosses(float[] losses, int lanes, float limit) {
    boolean inRange = true;
    for (int lane = 0; lane < lanes; lane++) {
      inRange &= FixedPoint.inRange(losses[lane], limit);
      loss += FixedPoint.of(losses[lane]);
    }
    samples += lanes;
    return inRange;
  }

  /** Counts a sample that was predicted rightly. */
  public void addRight() {
    right++;
  }

  public void addBusyNanos(long nanos) {
    busyNanos += nanos;
  }

  /** Adds another part. Associative and commutative, exactly. */
  public void add(GradientSum other) {
    if (other.gradient != null) {
      long[] into = gradient(other.gradient.length);
      for (int i = 0; i < into.length; i++) {
        into[i] += other.gradient[i];
      }
    }
    loss += other.loss;
    samples += other.samples;
    right += other.right;
    busyNanos += other.busyNanos;
    markDiverged(other.divergedLayer);
  }

  /** Bytes that {@link #write} puts for a sum of this many elements. */
  public static long bytes(long elements) {
    return HEAD_BYTES + elements * Long.BYTES;
  }

  /** Bytes that {@link #write} puts for this sum. */
  public int bytes() {
    return Math.toIntExact(bytes(gradient == null ? 0 : gradient.length));
  }

  /** Puts the sum into a buffer, to travel. */
  public void write(ByteBuffer out) {
    out.putLong(loss).putLong(busyNanos).putInt(samples).putInt(right).putInt(divergedLayer);
    if (gradient == null) {
      out.putInt(0);
    } else {
      out.putInt(gradient.length);
      out.asLongBuffer().put(gradient);
      out.position(out.position() + gradient.length * Long.BYTES);
    }
  }

  /** Adds a sum that {@link #write} put into a buffer. */
  public void add(ByteBuffer in) {
    loss += in.getLong();
    busyNanos += in.getLong();
    samples += in.getInt();
    right += in.getInt();
    markDiverged(in.getInt());
    int elements = in.getInt();
    if (elements < 0 || elements > in.remaining() / Long.BYTES) {
      throw new IllegalArgumentException(
          "a gradient sum: expected %d elements, found %d bytes"
              .formatted(elements, in.remaining()));
    }
    if (elements > 0) {
      long[] into = gradient(elements);
      LongBuffer other = in.asLongBuffer();
      for (int i = 0; i < elements; i++) {
        into[i] += other.get(i);
      }
      in.position(in.position() + elements * Long.BYTES);
    }
  }

  /** Makes the sum empty again, keeping its array. */
  public void clear() {
    if (gradient != null) {
      Arrays.fill(gradient, 0L);
    }
    loss = 0;
    samples = 0;
    right = 0;
    busyNanos = 0;
    divergedLayer = NONE;
  }
}
