package io.gradcast.spark.cli;

import java.nio.file.Path;

/** Files of this machine. */
final class Local {

  private Local() {}

  /** With its scheme, since a cluster's paths without one are elsewhere. Hadoop decodes no %20. */
  static String uri(Path path) {
    return "file:" + path.toAbsolutePath();
  }
}
