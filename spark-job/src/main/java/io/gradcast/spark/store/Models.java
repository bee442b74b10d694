package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.SafeTensors;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Model files in a file system. */
public final class Models {

  /** The name of the model in a training's output. */
  public static final String FILE = "model.safetensors";

  private Models() {}

  /** Reads a model from its file, the output folder of a training, or a store's champion. */
  public static Model load(Storage storage, String uri) {
    return read(storage, find(storage, uri));
  }

  /**
   * The file of a model, where a user gave that, the output folder of a training, or a model store,
   * whose champion it is then.
   */
  public static FileStatus find(Storage storage, String uri) {
    Path path = Storage.path("model", uri);
    try {
      FileStatus status = storage.statusOrNull(path);
      if (status != null && status.isDirectory()) {
        Optional<String> champion = Champion.of(storage, path);
        path = new Path(path, champion.map("models/%s/"::formatted).orElse("") + FILE);
        status = storage.statusOrNull(path);
      }
      if (status == null) {
        throw GradcastException.model(
            "model %s: expected a model file or a folder with %s, found nothing"
                .formatted(path, FILE));
      }
      return status;
    } catch (IOException e) {
      throw notReadable(path, e);
    }
  }

  /** Reads a model from a file that was found. */
  public static Model read(Storage storage, FileStatus file) {
    Path path = file.getPath();
    try (InputStream in = storage.open(path)) {
      return SafeTensors.read(in, file.getLen(), "model " + path);
    } catch (IOException e) {
      throw notReadable(path, e);
    }
  }

  private static GradcastException notReadable(Path path, IOException e) {
    return new GradcastException(
        Kind.MODEL, "model %s: expected a readable file, found: %s".formatted(path, e), e);
  }
}
