package io.gradcast.spark.sql;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local files under another scheme; beside each is a list of the processes that opened it. */
public final class CountedFileSystem extends RawLocalFileSystem {

  static final String SCHEME = "counted";

  /** Who opened a file, once for each time. */
  static List<Long> readers(java.nio.file.Path file) throws IOException {
    return Files.readAllLines(list(file)).stream().map(Long::valueOf).toList();
  }

  private static java.nio.file.Path list(java.nio.file.Path file) {
    return file.resolveSibling(file.getFileName() + ".readers");
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    Files.writeString(
        list(java.nio.file.Path.of(path.toUri().getPath())),
        ProcessHandle.current().pid() + System.lineSeparator(),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return super.open(path, bufferSize);
  }
}
