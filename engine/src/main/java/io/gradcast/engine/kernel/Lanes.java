package io.gradcast.engine.kernel;

import java.util.Arrays;

/**
 * Elements of {@value Kernels#LANES} lanes each, side by side in an array: element i of the sample
 * in lane l is at {@code start + i * LANES + l}.
 *
 * @param values the array, which may hold other elements before and behind these
 * @param start of element 0
 */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
public record Lanes(float[] values, int start) {

  /**
   * Floats from the start of an array to an address that is a multiple of 64, if the array is large
   * enough that the JVM's G1 collector gives it regions of its own: those start at such addresses,
   * and an array has a header of 16 bytes.
   */
  private static final int ALIGNMENT = 12;

  /**
   * An array of this length is large in that sense on heaps up to 16 GB or so. Elsewhere, and with
   * other collectors, alignment is a matter of chance: a vector that lies across two cache lines
   * takes twice as long to load, and that is all.
   */
  private static final int LARGE = 1 << 20;

  /** New zeros, where possible at an address from which no vector crosses a cache line. */
  public static Lanes aligned(long elements) {
    long length = Math.max(LARGE, ALIGNMENT + elements * Kernels.LANES);
    return new Lanes(new float[Math.toIntExact(length)], ALIGNMENT);
  }

  /** New zeros in an array of their own. */
  public static Lanes of(int elements) {
    return new Lanes(new float[elements * Kernels.LANES], 0);
  }

  /** The elements from one on. */
  public Lanes from(int element) {
    return new Lanes(values, start + element * Kernels.LANES);
  }

  /** Copies the first elements to others. */
  public void copyTo(Lanes other, int elements) {
    System.arraycopy(values, start, other.values, other.start, elements * Kernels.LANES);
  }

  /** Makes the first elements zeros. */
  public void clear(int elements) {
    Arrays.fill(values, start, start + elements * Kernels.LANES, 0f);
  }

  /** Copies the first elements of one lane. */
  public void copyLane(int lane, float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = get(i, lane);
    }
  }

  public float get(int element, int lane) {
    return values[start + element * Kernels.LANES + lane];
  }

  public void set(int element, int lane, float value) {
    values[start + element * Kernels.LANES + lane] = value;
  }

  /** Gives out parts of a few large arrays. */
  public static final class Arena {

    private Lanes rest = of(0);

    /** New zeros, aligned as {@link #aligned} has them. */
    public Lanes take(int elements) {
      if (rest.values.length - rest.start < (long) elements * Kernels.LANES) {
        rest = aligned(elements);
      }
      Lanes taken = rest;
      rest = rest.from(elements);
      return taken;
    }
  }
}
