package io.gradcast.spark.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;

/** A file system on the network, which a test has to itself. */
public abstract class RemoteFiles implements AutoCloseable {

  /** An absolute path in it, as a user gives it. */
  public abstract String uri(String path);

  /** For what tests do there themselves. */
  public abstract FileSystem files() throws IOException;

  /** Copies a local file, or a folder with all that is in it, to an absolute path. */
  public String upload(Path local, String path) throws IOException {
    files().copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), at(path));
    return uri(path);
  }

  /** Copies a file, or a folder with all that is in it, to where nothing is yet. */
  public Path download(String path, Path local) throws IOException {
    files().copyToLocalFile(false, at(path), new org.apache.hadoop.fs.Path(local.toUri()), true);
    return local;
  }

  /** Names in a folder. */
  public Set<String> names(String path) throws IOException {
    return Arrays.stream(files().listStatus(at(path)))
        .map(status -> status.getPath().getName())
        .collect(Collectors.toSet());
  }

  /** Takes one file away. */
  public boolean delete(String path) throws IOException {
    return files().delete(at(path), false);
  }

  private org.apache.hadoop.fs.Path at(String path) {
    return new org.apache.hadoop.fs.Path(uri(path));
  }

  @Override
  public abstract void close();
}
