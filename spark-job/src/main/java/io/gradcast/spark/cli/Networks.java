package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Finds the network that a user asks for. */
final class Networks {

  private static final int LARGEST_TEXT = 1 << 20;

  private Networks() {}

  /** The network of a training: what its settings say goes before what its text does. */
  static NetworkText load(Storage storage, Settings settings) {
    NetworkText network = load(storage, settings.text(Setting.NETWORK));
    for (Setting setting : List.of(Setting.LOSS, Setting.CLASS_WEIGHTS, Setting.NORMALIZE)) {
      if (settings.has(setting)) {
        network = network.with(setting.key(), settings.text(setting));
      }
    }
    return network;
  }

  /** A file where there is one, else a network that comes with Gradcast. */
  static NetworkText load(Storage storage, String nameOrFile) {
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
