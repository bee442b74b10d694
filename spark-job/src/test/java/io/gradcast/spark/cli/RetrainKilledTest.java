package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.store.Hdfs;
import io.gradcast.spark.store.ModelStore;
import io.gradcast.spark.store.ModelVersion;
import io.gradcast.spark.store.Models;
import io.gradcast.spark.store.ObjectStore;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL to a retraining at random times, and the same command again: the store is that of a run
 * that nobody disturbed, and who reads it meanwhile sees a whole champion at all times. {@code
 * -Dgradcast.kills=200} kills so many times on each file system.
 */
class RetrainKilledTest {

  private static final int KILLS = Integer.getInteger("gradcast.kills", 1);
  private static final long SEED = 7;

  private static final String MONDAY = "2026-11-23";
  private static final String TUESDAY = "2026-11-24";

  @TempDir private Path folder;

  /** Where the data are. */
  private Path days;

  /** What processes need to find the file system. */
  private List<String> jvmArguments = List.of();

  @BeforeEach
  void makeDays() throws IOException {
    days = folder.resolve("days");
    DatedDigits.in(days).day(MONDAY, 1, 100).day(TUESDAY, 2, 300).day("test", 3, 200);
  }

  private Retrains retrains() throws IOException {
    return new Retrains(
        folder,
        "--set=data=" + days + "/date={date}",
        "--test=" + days + "/date=test",
        "--drift-samples=9",
        "--checkpoint-every=4 iterations");
  }

  @Test
  void onADisk() throws Exception {
    killed(folder.resolve("kills").toString());
  }

  @Test
  void onHdfs() throws Exception {
    try (Hdfs hdfs = Hdfs.start(folder.resolve("hdfs"))) {
      killed(hdfs.uri("/kills"));
    }
  }

  @Test
  void onS3() throws Exception {
    try (ObjectStore objects = ObjectStore.start(folder.resolve("objects"))) {
      jvmArguments = objects.jvmArguments();
      killed(objects.uri("/kills"));
    }
  }

  /** Stories of one to three kills each, until there were enough. */
  private void killed(String root) throws Exception {
    Map<String, String> undisturbed = new TreeMap<>();
    String first = undisturbed(root + "/undisturbed", undisturbed);
    Random random = new Random(SEED);
    int kills = 0;
    for (int story = 0; kills < KILLS; story++) {
      String store = root + "/" + story;
      runs(store, MONDAY);
      try (Reader reader = new Reader(store, Set.of(first, champion(root + "/undisturbed")))) {
        int most = 1 + random.nextInt(3);
        for (int i = 0; i < most && kills < KILLS; i++) {
          kills += kill(store, random) ? 1 : 0;
        }
        runs(store, TUESDAY);
        reader.assertWell();
      }
      assertEquals(undisturbed, contents(store), "story " + story);
      assertClean(store);
    }
  }

  /** The bytes of a store after both days; returns Monday's champion. */
  private String undisturbed(String store, Map<String, String> contents) throws Exception {
    runs(store, MONDAY);
    String first = champion(store);
    runs(store, TUESDAY);
    contents.putAll(contents(store));
    return first;
  }

  private void runs(String store, String date) throws IOException {
    Run run = retrains().run(date, "--store=" + store).succeeded();
    assertEquals("promoted 0", Retrains.outcome(run));
  }

  /** Starts Tuesday's run and kills it after a while; whether it was still running. */
  private boolean kill(String store, Random random) throws Exception {
    Process process =
        Child.start(
            Gradcast.class,
            jvmArguments,
            retrains().command(TUESDAY, "--store=" + store).toArray(String[]::new));
    Thread drain = new Thread(() -> drain(process));
    drain.start();
    // Most of the first seconds are the start of the JVM and of Spark.
    boolean ended = process.waitFor(500 + random.nextInt(9500), TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    drain.join();
    return !ended;
  }

  private static void drain(Process process) {
    try {
      process.getErrorStream().readAllBytes();
    } catch (IOException e) {
      // It was killed.
    }
  }

  private static ModelStore open(String store) {
    return ModelStore.open(new Storage(new Configuration()), store);
  }

  private static String champion(String store) {
    return open(store).champion().orElse("");
  }

  /** Every file of every version with its SHA-256, and the champion. */
  private static Map<String, String> contents(String store) {
    ModelStore models = open(store);
    Map<String, String> contents = new TreeMap<>();
    for (ModelVersion version : models.versions()) {
      models.requireWhole(version);
      for (ModelVersion.File file : version.files()) {
        contents.put(version.name() + "/" + file.name(), file.sha256());
      }
    }
    contents.put("champion", models.champion().orElse(""));
    return contents;
  }

  private static void assertClean(String store) {
    ModelStore models = open(store);
    assertEquals(
        List.of("champion", "history.html", "lock", "models", "runs", "work"),
        models.files().names(""));
    assertEquals(List.of(), models.files().names("work"));
    assertEquals(
        models.versions().stream().map(ModelVersion::name).sorted().toList(),
        models.files().names("models"));
    assertEquals(List.of(MONDAY + ".parquet", TUESDAY + ".parquet"), models.files().names("runs"));
    List<String> locks = models.files().names("lock");
    assertTrue(
        locks.equals(List.of("owner.json"))
            || locks.stream().allMatch(name -> name.startsWith("ended-")),
        locks::toString);
    models.files().lock("the test", Duration.ofSeconds(1)).close();
    assertTrue(locks.size() <= 2, locks::toString);
  }

  /** Looks at a store all the time, as those who use its models do. */
  private static final class Reader implements AutoCloseable {

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean over;
    private final AtomicInteger looks = new AtomicInteger();

    Reader(String store, Set<String> allowed) {
      thread = new Thread(() -> look(store, allowed), "reader");
      thread.start();
    }

    private void look(String store, Set<String> allowed) {
      try {
        while (!over) {
          ModelStore models = open(store);
          String champion = models.champion().orElse("none");
          assertTrue(allowed.contains(champion), champion);
          Models.load(new Storage(new Configuration()), store);
          for (ModelVersion version : models.versions()) {
            models.requireWhole(version);
          }
          for (String name : models.files().names("models")) {
            boolean hidden = name.startsWith(".") || store.startsWith("s3a:");
            assertTrue(hidden || models.version(name).isPresent(), name);
          }
          looks.incrementAndGet();
          Thread.sleep(5);
        }
      } catch (GradcastException | AssertionError | InterruptedException e) {
        failure.set(e);
      }
    }

    void assertWell() {
      assertNull(failure.get(), () -> failure.get().toString());
      assertTrue(looks.get() > 10, "it looked " + looks + " times");
    }

    @Override
    public void close() {
      over = true;
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
