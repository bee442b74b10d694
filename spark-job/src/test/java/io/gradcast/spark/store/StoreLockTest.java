package io.gradcast.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.spark.cluster.SharedClasses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who gets the lock of a model store, on a disk, on HDFS and on S3, and what becomes of who lost
 * it. The limits only end tests that would wait for ever.
 */
@Timeout(120)
@Tag("newer")
class StoreLockTest {

  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private static Path shared;
  private static Hdfs hdfs;
  private static ObjectStore objects;

  @TempDir private Path folder;

  @BeforeAll
  static void startServers() throws IOException {
    hdfs = Hdfs.start(shared.resolve("hdfs"));
    objects = ObjectStore.start(shared.resolve("objects"));
  }

  @AfterAll
  static void stopServers() {
    objects.close();
    hdfs.close();
  }

  private String uri(String system) {
    String path = folder.resolve("store").toString();
    return switch (system) {
      case "hdfs" -> hdfs.uri(path);
      case "s3a" -> objects.uri(path);
      default -> path;
    };
  }

  private static StoreFolder store(String uri) {
    return ModelStore.open(new Storage(new Configuration()), uri).files();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "hdfs", "s3a"})
  void numbersRiseAndNothingIsLeft(String system) {
    StoreFolder store = store(uri(system));
    for (int i = 1; i <= 4; i++) {
      try (StoreLock lock = store.lock("test " + i, LONG)) {
        assertEquals(i, lock.number());
        lock.requireHeld();
      }
    }
    List<String> left = store.names("lock");
    if (system.equals("s3a")) {
      assertEquals(List.of("owner.json"), left);
      return;
    }
    assertEquals(2, left.size(), left::toString);
    assertTrue(left.stream().allMatch(name -> name.startsWith("ended-")), left::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "hdfs", "s3a"})
  void livingOwnerKeepsIt(String system) {
    StoreFolder store = store(uri(system));
    try (StoreLock lock = store.lock("the nightly run", SHORT)) {
      GradcastException refused =
          assertThrows(GradcastException.class, () -> store.lock("another", SHORT));
      assertEquals(Kind.LOCKED, refused.kind());
      assertTrue(refused.getMessage().contains("the nightly run (process "), refused.getMessage());
      lock.requireHeld();
    }
    store.lock("another", SHORT).close();
  }

  /** All start at once, again and again: none ever holds it beside another. */
  @ParameterizedTest
  @ValueSource(strings = {"file", "hdfs", "s3a"})
  void oneOfManyGetsIt(String system) throws Exception {
    String uri = uri(system);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      // S3A waits before it reads again what changed while it was read, as heartbeats here do.
      int rounds = system.equals("s3a") ? 2 : 5;
      for (int round = 0; round < rounds; round++) {
        Callable<Optional<StoreLock>> taking =
            () -> {
              try {
                return Optional.of(store(uri).lock("one of many", SHORT));
              } catch (GradcastException e) {
                assertEquals(Kind.LOCKED, e.kind(), e.getMessage());
                return Optional.empty();
              }
            };
        List<StoreLock> taken = new ArrayList<>();
        for (Future<Optional<StoreLock>> one :
            threads.invokeAll(Stream.generate(() -> taking).limit(8).toList())) {
          one.get().ifPresent(taken::add);
        }
        assertEquals(1, taken.size());
        taken.get(0).close();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void ownerOfThisMachineThatIsGoneIsDeadAtOnce() throws Exception {
    String uri = uri("file");
    try (Owner owner = Owner.start(uri)) {
      owner.process.destroyForcibly().waitFor();
    }
    long start = System.nanoTime();
    try (StoreLock lock = store(uri).lock("the next", LONG)) {
      assertEquals(2, lock.number());
    }
    assertTrue(System.nanoTime() - start < LONG.toNanos() / 2, "it waited");
  }

  @Test
  void ownerOfAnotherMachineIsDeadOnceItIsSilent() throws IOException {
    String uri = uri("file");
    Path held = folder.resolve("store/lock/held/0000000007-x");
    Files.createDirectories(held);
    LockOwner here = LockOwner.here("elsewhere");
    LockOwner elsewhere =
        new LockOwner(
            here.work(), "other", here.user(), "another boot", here.pid(), 1, here.since());
    Files.write(held.resolve("owner.json"), elsewhere.toBytes());
    long start = System.nanoTime();
    try (StoreLock lock = store(uri).lock("the next", SHORT)) {
      assertEquals(8, lock.number());
    }
    assertTrue(System.nanoTime() - start >= SHORT.toNanos(), "it did not wait");
  }

  /** The owner is stopped, as by a long pause; it can publish neither before nor after it knows. */
  @ParameterizedTest
  @ValueSource(strings = {"file", "hdfs", "s3a"})
  void pausedOwnerWhoseLockWasTakenOverPublishesNothing(String system) throws Exception {
    String uri = uri(system);
    try (Owner owner = Owner.start(uri)) {
      owner.signal("STOP");
      ModelStore store = ModelStore.open(new Storage(new Configuration()), uri);
      try (StoreLock lock = store.files().lock("the next", SHORT)) {
        store.promote(lock, "new");
        owner.signal("CONT");
        owner.say("publish");
        String said = owner.hear();
        assertTrue(said.startsWith("LOCKED: store ") && said.contains("taken over"), said);
        assertEquals(Optional.of("new"), store.champion());
        lock.requireHeld();
      }
      assertEquals(List.of("champion", "lock"), store.files().names(""));
    }
  }

  @Test
  void storesWithoutSuchStepsAreRefused() {
    Configuration configuration = new Configuration();
    configuration.set("fs.gs.impl", CopyingFileSystem.class.getName());
    GradcastException refused =
        assertThrows(
            GradcastException.class,
            () -> ModelStore.open(new Storage(configuration), "gs://bucket/store"));
    assertEquals(Kind.USAGE, refused.kind());
    assertTrue(refused.getMessage().contains("found gs"), refused.getMessage());
  }

  @Test
  void jarThatIsNotThereIsNamed() {
    Configuration configuration = new Configuration();
    configuration.set("fs.gs.impl", "absent.FileSystem");
    GradcastException refused =
        assertThrows(
            GradcastException.class,
            () -> ModelStore.open(new Storage(configuration), "gs://other/store"));
    assertEquals(Kind.OUTPUT, refused.kind());
    assertTrue(
        refused.getMessage().contains("Class absent.FileSystem not found, which paths of gs: need"),
        refused.getMessage());
  }

  /** A disk that says it is an object store. */
  public static final class CopyingFileSystem extends org.apache.hadoop.fs.RawLocalFileSystem {

    @Override
    public String getScheme() {
      return "gs";
    }

    @Override
    public java.net.URI getUri() {
      return java.net.URI.create("gs://bucket");
    }
  }

  /** Another JVM that holds the lock, and publishes when it is told to. */
  private record Owner(Process process, BufferedReader out) implements AutoCloseable {

    static Owner start(String uri) throws IOException {
      List<String> command = SharedClasses.command();
      command.addAll(objects.jvmArguments());
      command.addAll(List.of(OwnerMain.class.getName(), uri));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      Owner owner = new Owner(process, process.inputReader());
      assertEquals("held", owner.hear());
      return owner;
    }

    String hear() throws IOException {
      return out.readLine();
    }

    void say(String line) {
      new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8).println(line);
    }

    void signal(String name) throws Exception {
      Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
      assertEquals(0, kill.waitFor());
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  /** What that JVM does. */
  static final class OwnerMain {

    private OwnerMain() {}

    public static void main(String[] arguments) throws IOException {
      ModelStore store = ModelStore.open(new Storage(new Configuration()), arguments[0]);
      StoreLock lock = store.files().lock("the first", SHORT);
      System.out.println("held");
      System.in.read();
      try {
        store.promote(lock, "old");
        System.out.println("published");
      } catch (GradcastException e) {
        System.out.println(e.kind() + ": " + e.getMessage());
      }
    }
  }
}
