package io.gradcast.spark.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * A server that is an S3 to Hadoop's S3A, with its files in a folder of a test. It is a process:
 * its libraries would meet others of Spark. {@code core-site.xml} finds it by a property, which
 * processes that a test starts have to be given too.
 */
public final class ObjectStore extends RemoteFiles {

  private static final String ENDPOINT = "gradcast.s3.endpoint";
  private static final Pattern STARTED = Pattern.compile("started on ports .* (\\d+) \\(http\\)");

  private final Process process;
  private final String bucket;

  private ObjectStore(Process process, String bucket) {
    this.process = process;
    this.bucket = bucket;
  }

  /** Starts it and waits until files can be written. */
  public static ObjectStore start(Path folder) throws IOException {
    // Of its own: Hadoop keeps clients by their buckets, whatever servers they talk to.
    String bucket = UUID.randomUUID().toString();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                // What is uploaded, where whoever ends the server before its time would leave it.
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                "-jar",
                System.getProperty("s3mock"),
                "--server.port=0",
                "--com.adobe.testing.s3mock.http-port=0",
                "--com.adobe.testing.s3mock.store.initial-buckets=" + bucket,
                "--com.adobe.testing.s3mock.store.root=" + folder.resolve("store"))
            .redirectErrorStream(true)
            .start();
    ObjectStore store = new ObjectStore(process, bucket);
    int port = store.port();
    Thread drain = new Thread(store::drain, "object store");
    drain.setDaemon(true);
    drain.start();
    System.setProperty(ENDPOINT, "http://127.0.0.1:" + port);
    return store;
  }

  private int port() throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line; (line = process.inputReader().readLine()) != null; ) {
      said.append(line).append('\n');
      Matcher started = STARTED.matcher(line);
      if (started.find()) {
        return Integer.parseInt(started.group(1));
      }
    }
    throw new IOException("the object store did not start:\n" + said);
  }

  private void drain() {
    try {
      while (process.inputReader().readLine() != null) {
        // Nobody reads what it says, but it has to be able to say it.
      }
    } catch (IOException e) {
      assertTrue(!process.isAlive(), e::toString);
    }
  }

  /** Where it listens. */
  String endpoint() {
    return System.getProperty(ENDPOINT);
  }

  @Override
  public String uri(String path) {
    return "s3a://" + bucket + path;
  }

  /** What the JVM of another process has to be given. */
  public List<String> jvmArguments() {
    return List.of("-D" + ENDPOINT + "=" + endpoint());
  }

  @Override
  public FileSystem files() throws IOException {
    return new org.apache.hadoop.fs.Path(uri("/")).getFileSystem(new Configuration());
  }

  @Override
  public void close() {
    System.clearProperty(ENDPOINT);
    process.destroyForcibly().onExit().join();
  }
}
