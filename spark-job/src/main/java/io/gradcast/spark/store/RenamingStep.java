package io.gradcast.spark.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;

/** On local disks and on HDFS: files and folders are renamed, which happens whole or not at all. */
final class RenamingStep implements AtomicStep {

  /** Those that replace a name in one step, as Hadoop's documentation has it; disks do too. */
  private static final Set<String> ATOMIC = Set.of("hdfs", "viewfs");

  private final FileSystem system;
  private final FileContext files;
  private final boolean local;

  private RenamingStep(FileSystem system, FileContext files, boolean local) {
    this.system = system;
    this.files = files;
    this.local = local;
  }

  /** Whether renaming is one step there. */
  static boolean isOfferedBy(FileSystem system) {
    return LocalFiles.serve(system) || ATOMIC.contains(scheme(system));
  }

  private static String scheme(FileSystem system) {
    try {
      return system.getScheme();
    } catch (UnsupportedOperationException e) {
      return ""; // it keeps to none
    }
  }

  static RenamingStep of(FileSystem system, Configuration configuration) throws IOException {
    boolean local = LocalFiles.serve(system);
    FileContext files = local ? null : FileContext.getFileContext(system.getUri(), configuration);
    return new RenamingStep(system, files, local);
  }

  @Override
  public StoreLock newLock(StoreFolder store, LockOwner owner, Duration timeout) {
    return new FolderLock(store, this, owner, timeout);
  }

  /**
   * Gives a file a name, which may be that of another, which is gone then.
   *
   * @throws FileNotFoundException where the file is not there
   */
  void replace(Path from, Path to) throws IOException {
    if (local) {
      moveLocally(from, to);
    } else {
      files.rename(from, to, Rename.OVERWRITE);
    }
  }

  @Override
  public boolean claim(Path from, Path to, String marker) throws IOException {
    return claim(from, to);
  }

  /** The same of a folder in which no file marks that it is whole. */
  boolean claim(Path from, Path to) throws IOException {
    try {
      if (local) {
        moveLocally(from, to);
      } else {
        files.rename(from, to);
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static void moveLocally(Path from, Path to) throws IOException {
    try {
      Files.move(LocalFiles.path(from), LocalFiles.path(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      throw (IOException) new FileNotFoundException(e.getMessage()).initCause(e);
    } catch (FileSystemException e) {
      // What the JDK makes of a folder whose name another has, if that has something in it.
      if (Files.exists(LocalFiles.path(to)) && Files.exists(LocalFiles.path(from))) {
        throw (IOException) new FileAlreadyExistsException(e.getMessage()).initCause(e);
      }
      throw e;
    }
  }

  @Override
  public boolean showsHalf() {
    return false;
  }

  @Override
  public void remove(Path folder, String marker) throws IOException {
    // In one step out of sight, and then file by file.
    Path hidden = new Path(folder.getParent(), ".removed-" + folder.getName());
    claim(folder, hidden);
    system.delete(hidden, true);
  }

  @Override
  public void makeFolder(Path folder) throws IOException {
    if (local) {
      // Hadoop starts a process for its permissions.
      Files.createDirectories(LocalFiles.path(folder));
    } else if (!system.mkdirs(folder)) {
      throw new IOException("the folder %s was not made".formatted(folder));
    }
  }

  /** Deletes a folder if nothing is in it; one that is not there is as good. */
  void deleteIfEmpty(Path folder) throws IOException {
    try {
      if (local) {
        Files.deleteIfExists(LocalFiles.path(folder));
      } else {
        system.delete(folder, false);
      }
    } catch (DirectoryNotEmptyException e) {
      return;
    } catch (IOException e) {
      if (!isEmptied(folder)) {
        return;
      }
      throw e;
    }
  }

  private boolean isEmptied(Path folder) throws IOException {
    try {
      return system.listStatus(folder).length == 0;
    } catch (FileNotFoundException e) {
      return true;
    }
  }

  /**
   * Writes a file into a folder, over an earlier one of its name; half of it may be seen meanwhile.
   *
   * @throws FileNotFoundException where the folder is gone, which is not made again
   */
  void write(Path file, byte[] content) throws IOException {
    if (local) {
      writeLocally(file, content);
      return;
    }
    // Builders, unlike create, make no folders.
    FSDataOutputStream out = system.createFile(file).overwrite(true).build();
    Storage.write(
        out,
        stream -> {
          stream.write(content);
          out.hsync();
        });
  }

  private static void writeLocally(Path file, byte[] content) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            LocalFiles.path(file),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    } catch (NoSuchFileException e) {
      throw (IOException) new FileNotFoundException(e.getMessage()).initCause(e);
    }
  }

  @Override
  public void writeWhole(Path file, byte[] content) throws IOException {
    Path hidden = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    try {
      write(hidden, content);
      replace(hidden, file);
    } catch (IOException e) {
      deleteQuietly(hidden, e);
      throw e;
    }
  }

  private void deleteQuietly(Path file, IOException reason) {
    try {
      system.delete(file, false);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
