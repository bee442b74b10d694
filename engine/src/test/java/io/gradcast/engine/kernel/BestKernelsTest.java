package io.gradcast.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * The kernels that this JVM chooses. The build runs this several times: without the module of
 * vectors, with vectors of 128 bits, and with those that the processor prefers; and says each time
 * which must have run.
 */
class BestKernelsTest extends KernelsContract {

  private static final Kernels KERNELS = Kernels.best();

  @Override
  Kernels kernels() {
    return KERNELS;
  }

  @Test
  void kernelsAreThoseThatTheBuildAsksFor() {
    String expected = System.getProperty("gradcast.test.kernels", "vectors");
    assertTrue(
        KERNELS.description().endsWith(expected),
        "expected " + expected + ", found " + KERNELS.description());
  }

  @Test
  void scalarOnesCanAlwaysBeHad() {
    assertEquals("scalar", Kernels.scalar().description());
  }
}
