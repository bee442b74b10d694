package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.model.Fields;
import io.gradcast.engine.model.Json;
import io.gradcast.spark.store.ConditionalFile.Seen;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What the pointer of a model store says.
 *
 * @param version which one to use; empty where there is none yet
 * @param lock the number of the lock under which it was written
 */
record Champion(String version, long lock) {

  /** The pointer's name in the store. */
  static final String FILE = "champion";

  static final String NONE = "";

  private static final int LARGEST = 1 << 20;

  /** The version that a store's pointer names, if there is one. */
  static Optional<String> of(Storage storage, Path store) throws IOException {
    Path file = new Path(store, FILE);
    try {
      return Optional.of(of(read(storage, file), "champion " + file).version())
          .filter(version -> !version.equals(NONE));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static String read(Storage storage, Path file) throws IOException {
    FileSystem system = storage.fileSystem(file);
    if (!ConditionalStep.isOfferedBy(system, file)) {
      return new String(storage.read(file, LARGEST), StandardCharsets.UTF_8);
    }
    // There a file that is replaced while it is read is an error.
    Seen seen = new ConditionalFile(system, file).look();
    if (seen.isNothing()) {
      throw new FileNotFoundException(file.toString());
    }
    return seen.content();
  }

  String text() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", version);
    fields.put("model", version.isEmpty() ? "" : "models/%s/%s".formatted(version, Models.FILE));
    fields.put("lock", lock);
    return Json.write(fields) + "\n";
  }

  static Champion of(String text, String where) {
    Fields fields = Fields.parse(Kind.MODEL, text, where);
    return new Champion(fields.text("version"), fields.integer("lock", 1, Long.MAX_VALUE));
  }
}
