package io.gradcast.engine.kernel;

import java.util.List;

/**
 * Which kernels a JVM runs, chosen once: vectors where the JVM was started with the module that has
 * them, as wide as the processor prefers, or as one property says. The bytes of a model do not
 * depend on it.
 */
final class KernelChoice {

  /** System property: one of {@link #VALUES}; unset for the best there is. */
  static final String PROPERTY = "gradcast.kernels";

  static final List<String> VALUES = List.of("scalar", "128", "256", "512");

  private static final String MODULE = "jdk.incubator.vector";

  /** Null where scalar kernels run. */
  private static final Class<?> VECTORS = vectors();

  private KernelChoice() {}

  private static Class<?> vectors() {
    String given = System.getProperty(PROPERTY);
    if (given != null && !VALUES.contains(given)) {
      throw new IllegalArgumentException(
          "%s: expected one of %s, found %s".formatted(PROPERTY, VALUES, given));
    }
    if ("scalar".equals(given) || ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return null;
    }
    try {
      // By name: it is compiled apart, and cannot be loaded where the module is absent.
      return Class.forName("io.gradcast.engine.kernel.VectorKernels");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("our own class is missing", e);
    }
  }

  /** New kernels for one thread. */
  static Kernels create() {
    if (VECTORS == null) {
      return new ScalarKernels();
    }
    try {
      return (Kernels) VECTORS.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("vector kernels cannot be made: " + e.getCause(), e);
    }
  }
}
