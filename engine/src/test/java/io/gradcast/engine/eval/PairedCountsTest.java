package io.gradcast.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PairedCountsTest {

  @Test
  void partsAddUp() {
    PairedCounts sum =
        PairedCounts.NONE.add(new PairedCounts(5, 4, 3, 2)).add(new PairedCounts(10, 20, 30, 40));
    assertEquals(new PairedCounts(15, 24, 33, 42), sum);
    assertEquals(39, sum.firstRight());
    assertEquals(48, sum.secondRight());
    assertEquals(114, sum.total());
    assertEquals(McNemar.exact(24, 33), sum.pValue());
  }

  @Test
  void modelsOfNoSamplesAreEquallyGood() {
    assertEquals(1, PairedCounts.NONE.pValue());
  }
}
