package io.gradcast.benchmarks;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What one core can do at most: multiplications and additions, fused, on vectors that stay in
 * registers. Measured before each iteration of a benchmark, so that both meet the same machine.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class FmaPeak {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Many, so that what a call may allocate at its end is nothing beside what is measured. */
  private static final int ROUNDS = 1_000_000;

  /** Enough independent sums to hide the latency of an addition. */
  private static final int SUMS = 12;

  private static final long NANOS = 30_000_000;

  private final float[] sums = new float[SUMS * SPECIES.length()];
  private double best;

  @Setup(Level.Iteration)
  public void measure() {
    best = 0;
    for (long start = System.nanoTime(); System.nanoTime() - start < NANOS; ) {
      long before = System.nanoTime();
      sums[0] = multiplyAndAdd(sums, 0.5f, ROUNDS);
      double flops = 2.0 * ROUNDS * SUMS * SPECIES.length();
      best = Math.max(best, flops / (System.nanoTime() - before));
    }
  }

  /** GFLOP/s; a method, since JMH sets fields to zero. */
  public double peakGflops() {
    return best;
  }

  /**
   * Stores nothing: that would share the JVM's profile of stores with the kernels, and change how
   * these are compiled.
   */
  private static float multiplyAndAdd(float[] sums, float factor, int rounds) {
    int n = SPECIES.length();
    FloatVector x = FloatVector.broadcast(SPECIES, factor);
    FloatVector a = FloatVector.fromArray(SPECIES, sums, 0);
    FloatVector b = FloatVector.fromArray(SPECIES, sums, n);
    FloatVector c = FloatVector.fromArray(SPECIES, sums, 2 * n);
    FloatVector d = FloatVector.fromArray(SPECIES, sums, 3 * n);
    FloatVector e = FloatVector.fromArray(SPECIES, sums, 4 * n);
    FloatVector f = FloatVector.fromArray(SPECIES, sums, 5 * n);
    FloatVector g = FloatVector.fromArray(SPECIES, sums, 6 * n);
    FloatVector h = FloatVector.fromArray(SPECIES, sums, 7 * n);
    FloatVector i = FloatVector.fromArray(SPECIES, sums, 8 * n);
    FloatVector j = FloatVector.fromArray(SPECIES, sums, 9 * n);
    FloatVector k = FloatVector.fromArray(SPECIES, sums, 10 * n);
    FloatVector l = FloatVector.fromArray(SPECIES, sums, 11 * n);
    for (int round = 0; round < rounds; round++) {
      a = a.fma(x, x);
      b = b.fma(x, x);
      c = c.fma(x, x);
      d = d.fma(x, x);
      e = e.fma(x, x);
      f = f.fma(x, x);
      g = g.fma(x, x);
      h = h.fma(x, x);
      i = i.fma(x, x);
      j = j.fma(x, x);
      k = k.fma(x, x);
      l = l.fma(x, x);
    }
    return a.fma(b, c).fma(d, e).fma(f, g).fma(h, i).fma(j, k).fma(l, x).lane(0);
  }
}
