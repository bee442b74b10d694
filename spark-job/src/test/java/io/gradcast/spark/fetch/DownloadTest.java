package io.gradcast.spark.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server of our own on loopback that behaves in each of the ways servers do. */
class DownloadTest {

  private static final String NAME = "file.gz";

  @TempDir private Path folder;

  private final byte[] contents = new byte[300_000];
  private byte[] packed;
  private RemoteFile file;
  private HttpServer server;
  private ExecutorService threads;
  private final List<String> ranges = new ArrayList<>();

  /** How the server answers; the first of several, then the next. */
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws Exception {
    new Random(1).nextBytes(contents);
    packed = pack(contents);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(contents);
    file = new RemoteFile(NAME, HexFormat.of().formatHex(hash), contents.length);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static byte[] pack(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private void answers(Answer... answers) {
    server.createContext(
        "/data/" + NAME,
        exchange -> {
          ranges.add(exchange.getRequestHeaders().getFirst("Range"));
          try (exchange) {
            answers[Math.min(ranges.size(), answers.length) - 1].to(exchange);
          }
        });
  }

  private Answer whole(byte[] bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** A server that honours Range. */
  private void rest(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = Integer.parseInt(range.replaceAll("\\D", ""));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, packed.length - 1, packed.length));
    exchange.sendResponseHeaders(206, packed.length - from);
    exchange.getResponseBody().write(packed, from, packed.length - from);
  }

  /** Promises everything and sends a part. */
  private void cut(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, packed.length);
    OutputStream body = exchange.getResponseBody();
    body.write(packed, 0, packed.length / 3);
    body.flush();
  }

  private boolean fetch() {
    return fetch(Duration.ofSeconds(20));
  }

  private boolean fetch(Duration timeout) {
    String base = "http://127.0.0.1:%d/data".formatted(server.getAddress().getPort());
    return new Download(base, timeout, Duration.ZERO).fetch(file, folder, (done, total) -> {});
  }

  private void assertFetched() throws IOException {
    assertArrayEquals(packed, Files.readAllBytes(folder.resolve(NAME)));
    assertFalse(Files.exists(folder.resolve(NAME + ".part")));
  }

  private GradcastException assertFails(Kind kind) {
    GradcastException e = assertThrows(GradcastException.class, this::fetch);
    assertEquals(kind, e.kind(), e.getMessage());
    assertFalse(Files.exists(folder.resolve(NAME)), "nothing unverified may have the name");
    return e;
  }

  @Test
  void fetchesAWholeFileIntoANewFolder() throws IOException {
    folder = folder.resolve("new/one");
    answers(whole(packed));
    assertTrue(fetch());
    assertFetched();
  }

  @Test
  void leavesAVerifiedFileAlone() throws IOException {
    Files.write(folder.resolve(NAME), packed);
    answers(whole(packed));
    assertFalse(fetch());
    assertEquals(List.of(), ranges);
  }

  @Test
  void replacesAFileThatDoesNotVerify() throws IOException {
    Files.write(folder.resolve(NAME), Arrays.copyOf(packed, 1000));
    answers(whole(packed));
    assertTrue(fetch());
    assertFetched();
  }

  @Test
  void goesOnWithWhatHasArrived() throws IOException {
    Files.write(folder.resolve(NAME + ".part"), Arrays.copyOf(packed, 1000));
    answers(this::rest);
    assertTrue(fetch());
    assertFetched();
    assertEquals(List.of("bytes=1000-"), ranges);
  }

  @Test
  void startsOverWhereTheServerSendsEverything() throws IOException {
    Files.write(folder.resolve(NAME + ".part"), new byte[1000]);
    answers(whole(packed));
    assertTrue(fetch());
    assertFetched();
  }

  @Test
  void startsOverWhereTheServerHasNoSuchRest() throws IOException {
    Files.write(folder.resolve(NAME + ".part"), new byte[packed.length + 5]);
    answers(exchange -> exchange.sendResponseHeaders(416, -1), whole(packed));
    assertTrue(fetch());
    assertFetched();
    assertEquals(Arrays.asList("bytes=" + (packed.length + 5) + "-", null), ranges);
  }

  @Test
  void goesOnAfterACutConnection() throws IOException {
    answers(this::cut, this::rest);
    assertTrue(fetch());
    assertFetched();
    assertEquals(Arrays.asList(null, "bytes=" + packed.length / 3 + "-"), ranges);
  }

  @Test
  void givesUpOnAServerThatKeepsFailing() {
    answers(exchange -> exchange.sendResponseHeaders(503, -1));
    GradcastException e = assertFails(Kind.DATA);
    assertTrue(e.getMessage().contains("after 4 attempts: HTTP status 503"), e.getMessage());
    assertEquals(4, ranges.size());
  }

  @Test
  void saysWhereThereIsNoSuchFile() {
    answers(exchange -> exchange.sendResponseHeaders(404, -1));
    GradcastException e = assertFails(Kind.DATA);
    assertTrue(e.getMessage().contains("/data/file.gz: expected a file, found HTTP status 404"));
    assertEquals(1, ranges.size());
  }

  @Test
  void givesUpOnAServerThatSendsNothing() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    answers(
        exchange -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    GradcastException e =
        assertThrows(GradcastException.class, () -> fetch(Duration.ofMillis(100)));
    over.countDown();
    assertTrue(e.getMessage().contains("Read timed out"), e.getMessage());
  }

  @Test
  void refusesOtherContentsAndForgetsThem() throws IOException {
    byte[] other = pack(new byte[contents.length]);
    answers(whole(other));
    GradcastException e = assertFails(Kind.DATA);
    assertTrue(e.getMessage().contains("expected contents of SHA-256 " + file.sha256()));
    assertFalse(Files.exists(folder.resolve(NAME + ".part")), "the next run must start over");
  }

  @Test
  void refusesDamagedGzip() {
    byte[] damaged = packed.clone();
    Arrays.fill(damaged, 100, 2000, (byte) 0x55);
    answers(whole(damaged));
    assertFails(Kind.DATA);
  }

  /** The damage at its end would be found by whoever unpacked all of it. */
  @Test
  void stopsUnpackingBeyondTheKnownSize() throws IOException {
    byte[] bomb = pack(new byte[50_000_000]);
    bomb[bomb.length - 8] ^= 1;
    answers(whole(bomb));
    GradcastException e = assertFails(Kind.DATA);
    assertTrue(e.getMessage().contains("expected contents of SHA-256"), e.getMessage());
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path notAFolder = Files.createFile(folder.resolve("taken"));
    folder = notAFolder.resolve("below");
    answers(whole(packed));
    GradcastException e = assertThrows(GradcastException.class, this::fetch);
    assertEquals(Kind.OUTPUT, e.kind());
    assertTrue(e.getMessage().startsWith(folder + ": expected to write there"), e.getMessage());
  }

  @Test
  void refusesABaseThatIsNoAddress() {
    for (String base : List.of("ftp://host/", "no address", "/folder")) {
      GradcastException e =
          assertThrows(
              GradcastException.class, () -> new Download(base, Duration.ZERO, Duration.ZERO));
      assertEquals(Kind.USAGE, e.kind());
    }
  }
}
