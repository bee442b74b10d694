package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.Sha256;
import io.gradcast.engine.model.Json;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Tells whether data are those of an earlier run without reading them: by the names, sizes and
 * times of their files, and by the settings that a model depends on.
 */
final class DataListing {

  private DataListing() {}

  /** The SHA-256 of all of that, in hexadecimal digits. */
  static String identity(Storage storage, List<String> places, Map<String, Object> settings) {
    MessageDigest digest = Sha256.digest();
    add(digest, Json.write(settings));
    for (String place : places) {
      try {
        TreeSet<String> lines = new TreeSet<>();
        for (FileStatus status : storage.glob(new Path(place))) {
          addFiles(storage, status, lines);
        }
        lines.forEach(line -> add(digest, line));
      } catch (IOException | IllegalArgumentException e) {
        throw new GradcastException(
            Kind.DATA, "data %s: expected files, found: %s".formatted(place, e.getMessage()), e);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void addFiles(Storage storage, FileStatus status, Set<String> lines)
      throws IOException {
    if (status.isDirectory()) {
      for (FileStatus inside : storage.list(status.getPath())) {
        addFiles(storage, inside, lines);
      }
    } else {
      lines.add(
          "%s %d %d".formatted(status.getPath(), status.getLen(), status.getModificationTime()));
    }
  }

  private static void add(MessageDigest digest, String line) {
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
