package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Files by URI through Hadoop's {@link FileSystem}: whatever schemes the cluster has. */
public final class Storage {

  private static final int BUFFER = 1 << 16;

  /** How paths in full on a disk of this machine begin. */
  private static final String DISK = "file:/";

  private final Configuration configuration;

  /** Whether the JDK reads such paths as Hadoop does; null before that was asked. */
  private Boolean diskIsLocal;

  public Storage(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * A path from what a user gave.
   *
   * @param key the setting it came from, for messages
   */
  public static Path path(String key, String uri) {
    try {
      return new Path(uri);
    } catch (IllegalArgumentException e) {
      throw new GradcastException(
          Kind.USAGE, "%s: expected a path or URI, found \"%s\"".formatted(key, uri), e);
    }
  }

  /** The file system of a path; the local one without the checksum files that Hadoop adds to it. */
  FileSystem fileSystem(Path path) throws IOException {
    FileSystem system = hadoops(path);
    if (system instanceof LocalFileSystem local) {
      // Spark's own writers get this very object, and need no checksum files either.
      local.setWriteChecksum(false);
      return local.getRawFileSystem();
    }
    return system;
  }

  private FileSystem hadoops(Path path) throws IOException {
    try {
      return path.getFileSystem(configuration);
    } catch (RuntimeException e) {
      // Hadoop knows of S3A, say, but its jar is not there.
      if (e.getCause() instanceof ClassNotFoundException missing) {
        throw new IOException(
            "%s, which paths of %s: need; spark-submit's --packages or --jars brings it"
                .formatted(missing.getMessage(), path.toUri().getScheme()));
      }
      throw e;
    }
  }

  /** By which schemes are found. */
  public Configuration configuration() {
    return configuration;
  }

  /** What a path is, or null where there is nothing. */
  public FileStatus statusOrNull(Path path) throws IOException {
    try {
      return fileSystem(path).getFileStatus(path);
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  /** What there is by a path that may be a pattern. */
  public FileStatus[] glob(Path pattern) throws IOException {
    FileStatus[] found = fileSystem(pattern).globStatus(pattern);
    return found == null ? new FileStatus[0] : found;
  }

  /** What is in a folder. */
  public FileStatus[] list(Path folder) throws IOException {
    return fileSystem(folder).listStatus(folder);
  }

  /** The files in a folder, not those further down: their names and lengths in bytes. */
  public Map<String, Long> files(Path folder) throws IOException {
    Map<String, Long> files = new HashMap<>();
    for (FileStatus status : list(folder)) {
      if (status.isFile()) {
        files.put(status.getPath().getName(), status.getLen());
      }
    }
    return files;
  }

  /** Makes a folder of an output, where it is not there. */
  public void makeFolder(Path folder) {
    try {
      if (!fileSystem(folder).mkdirs(folder)) {
        throw new IOException("the folder was not made");
      }
    } catch (IOException e) {
      throw notWritable("output", folder, e);
    }
  }

  /** Deletes the files in a folder of an output that have other names than these. */
  public void keepOnly(Path folder, Set<String> names) {
    try {
      for (String name : files(folder).keySet()) {
        if (!names.contains(name)) {
          fileSystem(folder).delete(new Path(folder, name), false);
        }
      }
    } catch (IOException e) {
      throw notWritable("output", folder, e);
    }
  }

  /** The path in full, with its scheme. */
  public Path qualified(Path path) throws IOException {
    return fileSystem(path).makeQualified(path);
  }

  /**
   * What is in a folder.
   *
   * @param name in the folder
   */
  public record Entry(String name, boolean isFolder) {}

  /** The names of what is in a folder, which may be much. */
  public List<Entry> entries(Path folder) throws IOException {
    if (isLocal(folder)) {
      return LocalFiles.list(folder);
    }
    List<Entry> entries = new ArrayList<>();
    for (FileStatus status : list(folder)) {
      entries.add(new Entry(status.getPath().getName(), status.isDirectory()));
    }
    return entries;
  }

  /** The first bytes of a file: all, or so many. */
  public byte[] read(Path file, int most) throws IOException {
    if (isLocal(file)) {
      return LocalFiles.read(LocalFiles.path(file), most);
    }
    try (InputStream in = open(file)) {
      return in.readNBytes(most);
    }
  }

  /** The same by a path in full, as many as there may be: Hadoop's paths are slow to make. */
  public byte[] read(String file, int most) throws IOException {
    if (!file.startsWith(DISK)) {
      return read(new Path(file), most);
    }
    if (diskIsLocal == null) {
      diskIsLocal = isLocal(new Path(DISK));
    }
    return diskIsLocal
        ? LocalFiles.read(java.nio.file.Path.of(file.substring(DISK.length() - 1)), most)
        : read(new Path(file), most);
  }

  private boolean isLocal(Path path) throws IOException {
    return LocalFiles.serve(fileSystem(path));
  }

  /** Opens a file as it is. */
  public FSDataInputStream open(Path path) throws IOException {
    return fileSystem(path).open(path, BUFFER);
  }

  /** Makes a new file, and the folders that it lies in. */
  public FSDataOutputStream create(Path path) throws IOException {
    return fileSystem(path).create(path, false);
  }

  /**
   * Writes to a new file and closes it. HDFS throws the same exception again when it is closed,
   * which the statement made for that does not bear.
   */
  static void write(OutputStream file, Publication.Content content) throws IOException {
    try {
      content.writeTo(file);
    } catch (IOException | RuntimeException e) {
      try {
        file.close();
      } catch (IOException again) {
        if (again != e) {
          e.addSuppressed(again);
        }
      }
      throw e;
    }
    file.close();
  }

  /** Opens a file, unpacking it where its name ends in .gz. */
  public InputStream openUnpacked(Path path) throws IOException {
    InputStream in = open(path);
    try {
      return path.getName().endsWith(".gz") ? new GZIPInputStream(in, BUFFER) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * The checkpoints in a folder, which need not be there.
   *
   * @param output where they must not be, since it is not there before the end
   */
  public Checkpoints checkpoints(String uri, String output) {
    Path folder = path("checkpoint", uri);
    try {
      Path inFull = qualified(folder);
      Path outside = qualified(path("output", output));
      if ((inFull + "/").startsWith(outside + "/")) {
        throw GradcastException.usage(
            "checkpoint: expected a folder outside of the output, found %s in %s"
                .formatted(inFull, outside));
      }
      return new Checkpoints(fileSystem(folder), inFull);
    } catch (IOException e) {
      throw notWritable("checkpoint", folder, e);
    }
  }

  /** That something of a setting could not be written. */
  public static GradcastException notWritable(String key, Path path, IOException e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new GradcastException(
        Kind.OUTPUT, "%s %s: expected to write there, found: %s".formatted(key, path, reason), e);
  }

  /** Starts on an output folder, which is there in whole or not at all. */
  public Publication publish(String output, boolean overwrite) {
    Path target = path("output", output);
    try {
      return Publication.begin(fileSystem(target), qualified(target), overwrite);
    } catch (IOException e) {
      throw notWritable("output", target, e);
    }
  }

  /**
   * Starts on a single file, which is there in whole or not at all.
   *
   * @param key the setting it came from, for messages
   */
  public NewFile create(String key, String uri, boolean overwrite) {
    Path target = path(key, uri);
    try {
      return NewFile.begin(
          key, fileSystem(target), qualified(target), statusOrNull(target), overwrite);
    } catch (IOException e) {
      throw notWritable(key, target, e);
    }
  }
}
