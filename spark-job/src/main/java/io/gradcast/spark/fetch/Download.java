package io.gradcast.spark.fetch;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/**
 * Fetches files over HTTP into a folder. What has arrived is kept in NAME.part and gone on with; a
 * file has its name only once its contents are verified.
 */
public final class Download {

  private static final int ATTEMPTS = 4;
  private static final int BUFFER = 1 << 16;

  /** Is told how far a file is. */
  @FunctionalInterface
  public interface Progress {
    /** Bytes that are there, of a total that is negative where the server does not say it. */
    void update(long done, long total);
  }

  private final URI base;
  private final Duration timeout;
  private final Duration pause;

  /**
   * Prepares to fetch from a server.
   *
   * @param base the folder of the files, with or without a slash at its end
   * @param timeout after which a server that sends nothing is given up
   * @param pause before the next attempt
   */
  public Download(String base, Duration timeout, Duration pause) {
    this.base = base(base);
    this.timeout = timeout;
    this.pause = pause;
  }

  private static URI base(String text) {
    try {
      URI uri = URI.create(text.endsWith("/") ? text : text + "/");
      if ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new GradcastException(Kind.USAGE, notAnAddress(text), e);
    }
    throw GradcastException.usage(notAnAddress(text));
  }

  private static String notAnAddress(String text) {
    return "--base-url: expected an http or https URL, found " + text;
  }

  /**
   * Fetches a file, unless it is there already.
   *
   * @return whether anything had to be fetched
   */
  public boolean fetch(RemoteFile file, Path folder, Progress progress) {
    Path target = folder.resolve(file.name());
    Path part = folder.resolve(file.name() + ".part");
    try {
      Files.createDirectories(folder);
      if (Files.exists(target) && fault(file, target) == null) {
        return false;
      }
      transfer(file, part, progress);
      String fault = fault(file, part);
      if (fault != null) {
        Files.delete(part);
        throw GradcastException.data(base.resolve(file.name()) + ": " + fault);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      throw new GradcastException(
          Kind.OUTPUT, "%s: expected to write there, found: %s".formatted(folder, e), e);
    }
  }

  /** Attempts the transfer until all of the file is there. */
  private void transfer(RemoteFile file, Path part, Progress progress) throws IOException {
    URI source = base.resolve(file.name());
    for (int attempt = 1; ; attempt++) {
      try (Response response = Response.open(source, sizeOf(part), timeout)) {
        receive(response, part, progress);
        return;
      } catch (ConnectionException e) {
        if (attempt == ATTEMPTS) {
          throw new GradcastException(
              Kind.DATA,
              "%s: expected to fetch it, found after %d attempts: %s; what has arrived is kept"
                  .formatted(source, ATTEMPTS, e.getMessage()),
              e);
        }
        if (e.startOver()) {
          Files.deleteIfExists(part);
        }
        sleep();
      }
    }
  }

  private static long sizeOf(Path part) throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  private void sleep() {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void receive(Response response, Path part, Progress progress) throws IOException {
    long done = response.start();
    try (OutputStream out =
        Files.newOutputStream(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            done > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
      byte[] buffer = new byte[BUFFER];
      int read;
      while ((read = response.read(buffer)) >= 0) {
        out.write(buffer, 0, read);
        done += read;
        progress.update(done, response.total());
      }
    }
    if (response.total() >= 0 && done != response.total()) {
      throw new ConnectionException(
          "the connection ended at byte %d of %d".formatted(done, response.total()), false);
    }
  }

  /** What is wrong with the contents of a file, or null. Never unpacks more than they should be. */
  private static String fault(RemoteFile file, Path path) throws IOException {
    MessageDigest sha256 = Sha256.digest();
    long size = 0;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path), BUFFER)) {
      byte[] buffer = new byte[BUFFER];
      int read;
      while (size <= file.size() && (read = in.read(buffer)) >= 0) {
        sha256.update(buffer, 0, read);
        size += read;
      }
    } catch (IOException e) {
      return "expected gzip data, found: " + e.getMessage();
    }
    String found = HexFormat.of().formatHex(sha256.digest());
    return found.equals(file.sha256())
        ? null
        : "expected contents of SHA-256 %s, found %s".formatted(file.sha256(), found);
  }

  /** A transfer that another attempt may mend. */
  private static final class ConnectionException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean startOver;

    ConnectionException(String message, boolean startOver) {
      super(message);
      this.startOver = startOver;
    }

    boolean startOver() {
      return startOver;
    }
  }

  /** The server's answer to a request for a file from some byte on. */
  private static final class Response implements AutoCloseable {

    private final HttpURLConnection connection;
    private final InputStream in;
    private final long start;

    private Response(HttpURLConnection connection, InputStream in, long start) {
      this.connection = connection;
      this.in = in;
      this.start = start;
    }

    static Response open(URI source, long from, Duration timeout) throws ConnectionException {
      try {
        HttpURLConnection connection = (HttpURLConnection) source.toURL().openConnection();
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        if (from > 0) {
          connection.setRequestProperty("Range", "bytes=" + from + "-");
        }
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_PARTIAL && resumesAt(connection, from)) {
          return new Response(connection, connection.getInputStream(), from);
        }
        if (status == HttpURLConnection.HTTP_OK) {
          return new Response(connection, connection.getInputStream(), 0);
        }
        connection.disconnect();
        if (from > 0) {
          // A part of what the server no longer has: its beginning is no use.
          throw new ConnectionException("HTTP status " + status, true);
        }
        if (status >= 400 && status < 500) {
          throw GradcastException.data(
              "%s: expected a file, found HTTP status %d".formatted(source, status));
        }
        throw new ConnectionException("HTTP status " + status, false);
      } catch (ConnectionException e) {
        throw e;
      } catch (IOException e) {
        throw new ConnectionException(e.toString(), false);
      }
    }

    private static boolean resumesAt(HttpURLConnection connection, long from) {
      String range = connection.getHeaderField("Content-Range");
      return range != null && range.startsWith("bytes " + from + "-");
    }

    /** The byte of the file that comes first. */
    long start() {
      return start;
    }

    /** Bytes of the whole file, or a negative number. */
    long total() {
      long length = connection.getContentLengthLong();
      return length < 0 ? -1 : start + length;
    }

    int read(byte[] buffer) throws ConnectionException {
      try {
        return in.read(buffer);
      } catch (IOException e) {
        throw new ConnectionException(e.toString(), false);
      }
    }

    @Override
    public void close() {
      connection.disconnect();
    }
  }
}
