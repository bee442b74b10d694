package io.gradcast.spark.source;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkConf;

/**
 * The local files under another scheme. Those whose owner may not read them are refused to all,
 * root too.
 */
public final class RefusingFileSystem extends RawLocalFileSystem {

  private static final String SCHEME = "refusing";

  /** Makes the scheme known to an application. */
  static SparkConf install(SparkConf conf) {
    return conf.set(
        "spark.hadoop.fs.%s.impl".formatted(SCHEME), RefusingFileSystem.class.getName());
  }

  /** A local path under the scheme. */
  static String uri(java.nio.file.Path local) {
    return SCHEME + ":" + local;
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
    java.nio.file.Path file = pathToFile(path).toPath();
    if (Files.exists(file)
        && !Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_READ)) {
      throw new AccessControlException("Permission denied: " + path);
    }
    return super.open(path, bufferSize);
  }
}
