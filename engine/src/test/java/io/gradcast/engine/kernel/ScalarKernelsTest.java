package io.gradcast.engine.kernel;

class ScalarKernelsTest extends KernelsContract {

  /** One instance, so that each test meets the scratch of those before it. */
  private static final Kernels KERNELS = Kernels.scalar();

  @Override
  Kernels kernels() {
    return KERNELS;
  }
}
