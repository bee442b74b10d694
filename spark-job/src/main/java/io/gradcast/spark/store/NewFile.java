package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A single file in the making: it is written under a hidden name beside its place, which it takes
 * once it is whole.
 */
public final class NewFile implements AutoCloseable {

  private final String key;
  private final FileSystem system;
  private final Path target;
  private final Path hidden;

  private NewFile(String key, FileSystem system, Path target) {
    this.key = key;
    this.system = system;
    this.target = target;
    hidden = new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID());
  }

  /** Makes the hidden file, so that what cannot be written fails before any work is done. */
  static NewFile begin(
      String key, FileSystem system, Path target, FileStatus former, boolean overwrite)
      throws IOException {
    if (former != null && (former.isDirectory() || !overwrite)) {
      String found = former.isDirectory() ? "a folder" : "a file; --overwrite replaces it";
      throw new GradcastException(
          Kind.OUTPUT, "%s %s: expected nothing there, found %s".formatted(key, target, found));
    }
    NewFile file = new NewFile(key, system, target);
    system.create(file.hidden, false).close();
    return file;
  }

  /** Writes the file and gives it its name, which is returned. */
  public Path write(Publication.Content content) {
    try {
      Storage.write(system.create(hidden, true), content);
      // Not every file system renames to a name that is taken.
      system.delete(target, false);
      if (!system.rename(hidden, target)) {
        throw new IOException("%s could not be renamed to %s".formatted(hidden, target));
      }
      return target;
    } catch (IOException e) {
      throw Storage.notWritable(key, target, e);
    }
  }

  /** Takes away what was not finished. */
  @Override
  public void close() {
    try {
      system.delete(hidden, false);
    } catch (IOException e) {
      System.err.println("gradcast: left behind " + hidden + ": " + e.getMessage());
    }
  }
}
