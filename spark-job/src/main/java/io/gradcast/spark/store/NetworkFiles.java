package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.net.NetworkText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Networks as texts, in a file system or from Gradcast itself. */
public final class NetworkFiles {

  private static final int LARGEST_TEXT = 1 << 20;

  private NetworkFiles() {}

  /** A file where there is one, else a network that comes with Gradcast. */
  public static NetworkText load(Storage storage, String nameOrFile) {
    Path path = Storage.path("network", nameOrFile);
    try {
      FileStatus status = storage.statusOrNull(path);
      if (status == null) {
        return NetworkText.named(nameOrFile);
      }
      if (!status.isFile() || status.getLen() > LARGEST_TEXT) {
        throw GradcastException.usage(
            "network %s: expected a file of at most %d bytes, found %s"
                .formatted(path, LARGEST_TEXT, status.isFile() ? status.getLen() : "a folder"));
      }
      try (InputStream in = storage.open(path)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return NetworkText.parse(text, nameOrFile);
      }
    } catch (IOException e) {
      throw new GradcastException(
          Kind.USAGE, "network %s: expected a readable file, found: %s".formatted(path, e), e);
    }
  }
}
