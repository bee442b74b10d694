package io.gradcast.spark.cluster;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkConf;

/**
 * The local files under another scheme. Whoever opens a file of a folder next can be made to fail,
 * or to hang, once, in whatever process that is: the order is a file in the same folder.
 */
public final class UnsteadyFileSystem extends RawLocalFileSystem {

  private static final String SCHEME = "unsteady";

  /** What becomes of a reader. */
  enum Order {
    FAIL,
    HANG
  }

  /** Makes the scheme known to an application. */
  static SparkConf install(SparkConf conf) {
    return conf.set(
        "spark.hadoop.fs.%s.impl".formatted(SCHEME), UnsteadyFileSystem.class.getName());
  }

  /** A local folder under the scheme. */
  static String uri(String folder) {
    return SCHEME + ":" + folder;
  }

  /** Makes the next reader fail or hang. */
  static void order(String folder, Order order) {
    try {
      Files.createFile(file(folder, order));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a reader has met with it. */
  static boolean obeyed(String folder, Order order) {
    return Files.notExists(file(folder, order));
  }

  private static java.nio.file.Path file(String folder, Order order) {
    return java.nio.file.Path.of(folder, "order-" + order);
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
    String folder = path.getParent().toUri().getPath();
    // Of several readers only one can delete it.
    if (Files.deleteIfExists(file(folder, Order.FAIL))) {
      throw new IOException("this reader was to fail");
    }
    if (Files.deleteIfExists(file(folder, Order.HANG))) {
      hang();
    }
    return super.open(path, bufferSize);
  }

  private static void hang() throws IOException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw (IOException) new InterruptedIOException("the reader that hung").initCause(e);
    }
  }
}
