package io.gradcast.engine.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.random.Philox.Purpose;
import org.junit.jupiter.api.Test;

class PhiloxTest {

  /** The known answers that Random123, the authors' own library, is tested with. */
  @Test
  void agreesWithTheKnownAnswersOfItsAuthors() {
    assertEquals(0xe169c58d_6627e8d5L, Philox.block(0, 0, 0, 0, 0, 0));
    assertEquals(0x41c83b0e_408f276dL, Philox.block(-1, -1, -1, -1, -1, -1));
    assertEquals(
        0x94fdcceb_d16cfe09L,
        Philox.block(0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));
  }

  @Test
  void uniformNumbersFillTheUnitInterval() {
    int[] counts = new int[10];
    for (int i = 0; i < 100_000; i++) {
      double u = Philox.uniform(7, Purpose.INITIALIZATION, 0, 0, i);
      counts[(int) (u * 10)]++;
    }
    for (int count : counts) {
      // Five standard deviations of a binomial count of mean 10,000.
      assertTrue(Math.abs(count - 10_000) < 475, "count " + count);
    }
  }
}
