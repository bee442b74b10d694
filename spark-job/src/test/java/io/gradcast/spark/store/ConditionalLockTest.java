package io.gradcast.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.spark.store.ObjectStoreProxy.Fate;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock and the pointer of a store on S3, over a network that fails. */
class ConditionalLockTest {

  /** Long enough for no heartbeat but the first one. */
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @TempDir private static Path shared;
  private static ObjectStore objects;
  private static ObjectStoreProxy proxy;

  private final String uri = objects.uri("/" + UUID.randomUUID());

  @BeforeAll
  static void startServer() throws IOException {
    objects = ObjectStore.start(shared.resolve("objects"));
    proxy = ObjectStoreProxy.to(URI.create(objects.endpoint()));
  }

  @AfterAll
  static void stopServer() {
    proxy.close();
    objects.close();
  }

  private static Configuration overProxy() {
    Configuration configuration = new Configuration();
    configuration.set("fs.s3a.endpoint", proxy.endpoint());
    configuration.set("fs.s3a.retry.interval", "1ms");
    configuration.setBoolean("fs.s3a.impl.disable.cache", true);
    return configuration;
  }

  private static Optional<String> champion(String uri) {
    return ModelStore.open(new Storage(new Configuration()), uri).champion();
  }

  /**
   * Every request of a promotion is lost in turn, or its answer is; what came of it is what is
   * there.
   */
  @Test
  void noRequestThatFailsIsMisunderstood() {
    ModelStore store = ModelStore.open(new Storage(overProxy()), uri);
    AtomicInteger requests = new AtomicInteger();
    boolean failed = true;
    for (int victim = 1; failed; victim++) {
      int last = victim;
      Fate fate = victim % 2 == 0 ? Fate.LOST : Fate.ANSWER_LOST;
      String version = "version-" + victim;
      requests.set(0);
      proxy.decide(method -> requests.incrementAndGet() == last ? fate : Fate.PASS);
      try (StoreLock lock = store.files().lock("promotion", TIMEOUT)) {
        assertEquals(victim, lock.number());
        store.promote(lock, version);
      }
      assertEquals(Optional.of(version), champion(uri));
      failed = requests.get() >= last;
    }
    assertTrue(requests.get() > 10, "there were " + requests + " requests");
  }

  @Test
  void serverThatTakesNoNoticeOfConditionsIsRefused() {
    proxy.decide(method -> Fate.WITHOUT_CONDITIONS);
    ModelStore store = ModelStore.open(new Storage(overProxy()), uri);
    GradcastException refused =
        assertThrows(GradcastException.class, () -> store.files().lock("promotion", TIMEOUT));
    assertEquals(Kind.OUTPUT, refused.kind());
    assertTrue(refused.getMessage().contains("conditions"), refused.getMessage());
  }

  /** What a run leaves that was killed before it published, for a reader by hand. */
  @Test
  void deadOwnersStoreHasNoChampionStill() throws IOException {
    ModelStore store = ModelStore.open(new Storage(new Configuration()), uri);
    LockOwner here = LockOwner.here("elsewhere");
    LockOwner gone =
        new LockOwner(
            here.work(), here.host(), here.user(), here.machine(), here.pid(), 1, here.since());
    store
        .files()
        .write(
            "lock/owner.json",
            ("{\"number\":4,\"name\":\"0000000004-x\",\"state\":\"held\",\"heartbeat\":7,"
                    + new String(gone.toBytes(), StandardCharsets.UTF_8).strip().substring(1))
                .getBytes(StandardCharsets.UTF_8));
    try (StoreLock lock = store.files().lock("the next", TIMEOUT)) {
      assertEquals(5, lock.number());
    }
    assertEquals(Optional.empty(), store.champion());
    assertEquals(List.of("champion", "lock"), store.files().names(""));
  }
}
