package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a model store, by names below its root. What fails is an error of kind OUTPUT that
 * names the store.
 */
public final class StoreFolder {

  private static final int LARGEST_FILE = 1 << 26;

  private final Storage storage;
  private final Path root;
  private final FileSystem system;
  private final AtomicStep step;

  private StoreFolder(Storage storage, Path root) throws IOException {
    this.storage = storage;
    this.root = root;
    system = storage.fileSystem(root);
    step = AtomicStep.at(storage, root);
  }

  static StoreFolder open(Storage storage, String uri) {
    Path path = Storage.path("store", uri);
    try {
      return new StoreFolder(storage, storage.qualified(path));
    } catch (IOException e) {
      throw Storage.notWritable("store", path, e);
    }
  }

  /** Work with files. */
  @FunctionalInterface
  interface FileWork<T> {
    T run() throws IOException;
  }

  <T> T attempt(FileWork<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw Storage.notWritable("store", root, e);
    }
  }

  Storage storage() {
    return storage;
  }

  FileSystem system() {
    return system;
  }

  AtomicStep step() {
    return step;
  }

  /** Where the store is, in full. */
  public Path root() {
    return root;
  }

  /** A file or folder of the store, in full; the store itself by an empty name. */
  public Path path(String name) {
    return name.isEmpty() ? root : new Path(root, name);
  }

  /**
   * Takes the lock that whoever changes something needs; see {@link StoreLock}.
   *
   * @param work what for, for others to read
   * @throws GradcastException of kind LOCKED where another holds it
   */
  public StoreLock lock(String work, Duration timeout) {
    return attempt(() -> StoreLock.take(this, work, timeout));
  }

  /** What is in a file, if it is there. */
  public Optional<byte[]> read(String name) {
    return attempt(
        () -> {
          try {
            byte[] bytes = storage.read(path(name), LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
              throw new IOException(
                  "%s has more than %,d bytes".formatted(path(name), LARGEST_FILE));
            }
            return Optional.of(bytes);
          } catch (FileNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /** Writes a file, or another in its place, whole or not at all. */
  public void write(String name, byte[] content) {
    attempt(
        () -> {
          Path file = path(name);
          step.makeFolder(file.getParent());
          step.writeWhole(file, content);
          return file;
        });
  }

  /** Takes away a file, or a folder with all that is in it; nothing there is as good. */
  public void delete(String name) {
    attempt(() -> system.delete(path(name), true));
  }

  /** Takes away what is hidden in a folder: what killed owners of the lock had not finished. */
  public void deleteHidden(String folder) {
    for (String name : names(folder)) {
      if (name.startsWith(".")) {
        delete(folder.isEmpty() ? name : folder + "/" + name);
      }
    }
  }

  /** The names of what is in a folder, hidden or not; none where there is no folder. */
  public List<String> names(String folder) {
    return names(folder, status -> true);
  }

  /** The names of the files alone. */
  public List<String> fileNames(String folder) {
    return names(folder, FileStatus::isFile);
  }

  private List<String> names(String folder, Predicate<FileStatus> wanted) {
    return attempt(
        () -> {
          try {
            return Arrays.stream(system.listStatus(path(folder)))
                .filter(wanted)
                .map(status -> status.getPath().getName())
                .sorted()
                .toList();
          } catch (FileNotFoundException e) {
            return List.of();
          }
        });
  }

  /** The checkpoints in a folder, which need not be there. */
  public Checkpoints checkpoints(String folder) {
    return new Checkpoints(system, path(folder));
  }

  /**
   * Gives a new name to the last of the folders in a folder that have a certain file, and takes the
   * others away.
   */
  public void takeOver(String folder, String newName, String marker) {
    String last = "";
    for (String name : names(folder)) {
      if (read(folder + "/" + name + "/" + marker).isPresent()) {
        last = name;
      }
    }
    for (String name : names(folder)) {
      if (!name.equals(last) && !name.equals(newName)) {
        delete(folder + "/" + name);
      }
    }
    if (!last.isEmpty()) {
      Path from = path(folder + "/" + last);
      attempt(() -> step.claim(from, path(folder + "/" + newName), marker));
    }
  }
}
