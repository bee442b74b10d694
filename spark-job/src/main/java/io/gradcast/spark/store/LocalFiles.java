package io.gradcast.spark.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;

/**
 * What is on a disk of this machine, as the JDK reads it: of small files Hadoop's way costs more
 * than their images do, since it asks for the status of each and keeps statistics. Failures are
 * those that Hadoop has.
 */
final class LocalFiles {

  private LocalFiles() {}

  /** Whether a file system is that of a disk, as {@link Storage} hands it out, and no other's. */
  static boolean serve(FileSystem system) {
    return system.getClass() == RawLocalFileSystem.class;
  }

  /** A path of Hadoop as one of the JDK. */
  static Path path(org.apache.hadoop.fs.Path path) {
    return Path.of(path.toUri().getPath());
  }

  /** The first bytes of a file: all, or so many. */
  static byte[] read(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw asHadoopHasIt(e);
    }
  }

  /** What is in a folder. */
  static List<Storage.Entry> list(org.apache.hadoop.fs.Path folder) throws IOException {
    List<Storage.Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(path(folder))) {
      for (Path path : paths) {
        entries.add(new Storage.Entry(path.getFileName().toString(), Files.isDirectory(path)));
      }
      return entries;
    } catch (IOException e) {
      throw asHadoopHasIt(e);
    }
  }

  private static IOException asHadoopHasIt(IOException e) {
    IOException other = e;
    if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
      other = new FileNotFoundException(e.getMessage());
    } else if (e instanceof AccessDeniedException) {
      other = new AccessControlException("Permission denied: " + e.getMessage());
    }
    return other == e ? e : (IOException) other.initCause(e);
  }
}
