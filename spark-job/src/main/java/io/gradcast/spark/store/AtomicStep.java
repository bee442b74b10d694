package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a model store relies on: steps that nobody sees half of, whoever else is at work and
 * whatever is killed. Each kind of file system has others: {@link RenamingStep}, {@link
 * ConditionalStep}.
 */
interface AtomicStep {

  /** The steps of the file system that a path lies in. */
  static AtomicStep at(Storage storage, Path path) throws IOException {
    FileSystem system = storage.fileSystem(path);
    if (RenamingStep.isOfferedBy(system)) {
      return RenamingStep.of(system, storage.configuration());
    }
    if (ConditionalStep.isOfferedBy(system, path)) {
      return new ConditionalStep(system);
    }
    throw GradcastException.usage(
        ("store %s: expected a folder on HDFS, on a disk or in an object store that writes on"
                + " condition, as S3A does, found %s")
            .formatted(path, system.getScheme()));
  }

  /** A lock of a store, which nobody has taken yet. */
  StoreLock newLock(StoreFolder store, LockOwner owner, Duration timeout);

  /**
   * Gives a folder with something in it a name, if that is free. Readers of both go by a file in
   * them: where this takes several steps, it comes last and goes first.
   *
   * @param marker the name of that file
   * @return whether the name was free, or was that of the same folder
   * @throws FileNotFoundException where the folder is not there
   */
  boolean claim(Path from, Path to, String marker) throws IOException;

  /** Whether who does not go by that file may see half of a folder that is given a name. */
  boolean showsHalf();

  /** Takes a folder away, for readers who go by a file in it, in one step. */
  void remove(Path folder, String marker) throws IOException;

  /** Makes a folder and those that it lies in; one that is there is as good. */
  void makeFolder(Path folder) throws IOException;

  /** Writes a file, or another in the place of an earlier one: nobody sees half of it. */
  void writeWhole(Path file, byte[] content) throws IOException;
}
