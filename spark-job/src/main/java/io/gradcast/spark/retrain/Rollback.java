package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Version;
import io.gradcast.spark.store.ModelStore;
import io.gradcast.spark.store.ModelVersion;
import io.gradcast.spark.store.Storage;
import io.gradcast.spark.store.StoreLock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/** Puts a version that a person chose in the champion's place, and records that. */
public final class Rollback {

  private Rollback() {}

  /**
   * Makes a version the champion, if it is whole.
   *
   * @return the champion before; empty if there was none
   * @throws GradcastException of kind MODEL where the version is not there or damaged
   */
  public static String run(Storage storage, String uri, String version, Duration lockTimeout) {
    ModelStore store = ModelStore.open(storage, uri);
    try (StoreLock lock = store.files().lock("rollback to " + version, lockTimeout)) {
      ModelVersion manifest =
          store
              .version(version)
              .orElseThrow(
                  () ->
                      GradcastException.model(
                          "version %s: expected one of %s, found none of that name"
                              .formatted(
                                  version,
                                  store.versions().stream().map(ModelVersion::name).toList())));
      store.requireWhole(manifest);
      String former = store.champion().orElse("");
      if (!former.equals(version)) {
        store.promote(lock, version);
        record(store, lock, manifest, former);
      }
      return former;
    }
  }

  private static void record(
      ModelStore store, StoreLock lock, ModelVersion version, String former) {
    RunTable table = new RunTable(store.files());
    List<RunRecord> runs =
        table.all(damaged -> System.err.println("gradcast: " + damaged.getMessage()));
    LocalDate today = LocalDate.now(ZoneId.systemDefault());
    long now = System.currentTimeMillis();
    table.write(
        new RunRecord(
            RunRecord.newId(today, runs),
            today.toString(),
            now,
            now,
            0,
            0,
            Outcome.ROLLED_BACK,
            0,
            "a person chose version " + version.name(),
            List.of(),
            version.name(),
            former,
            lock.number(),
            RunRecord.Data.NONE,
            RunRecord.Training.NONE,
            RunRecord.Comparison.NONE,
            Version.current()));
    History.publish(store.files(), table.all(damaged -> {}));
  }
}
