package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.FileNotFoundException;
import java.util.function.Supplier;
import org.apache.hadoop.security.AccessControlException;

/** Makes sentences about data of what Spark throws when it cannot read them. */
public final class DataFailures {

  private DataFailures() {}

  /** Does some work that reads data; what it throws has the name of these. */
  public static <T> T reading(String name, Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) { // Spark throws checked ones without saying so
      throw GradcastException.in(e).orElseGet(() -> unreadable(name, e));
    }
  }

  /** That some data cannot be read. */
  static GradcastException unreadable(String name, Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new GradcastException(
        Kind.DATA, "data %s: expected readable data, found: %s".formatted(name, found(root)), e);
  }

  private static String found(Throwable root) {
    String line = String.valueOf(root.getMessage()).lines().findFirst().orElse("").strip();
    if (root instanceof FileNotFoundException) {
      return "a file that is not there: " + line;
    }
    if (root instanceof AccessControlException) {
      return "no permission: " + line;
    }
    return line.equals("null") ? root.getClass().getSimpleName() : line;
  }
}
