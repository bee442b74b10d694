package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Interval;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.source.DataSources;
import io.gradcast.spark.source.Sources;
import io.gradcast.spark.store.Storage;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a run is to do.
 *
 * @param store URI of the model store
 * @param date of the run, by the schedule
 * @param force whether to train again for data of which a run is finished
 * @param warmStart whether to begin with the champion's parameters
 * @param maxDuration of the run; training ends then at the best model so far
 * @param retries how often diverged training begins anew with half the learning rate
 * @param keep how many versions stay
 * @param lockTimeout how long an owner of the store's lock may give no sign of life
 * @param keptCode what to exit with where the champion stays
 */
public record Plan(
    String store,
    LocalDate date,
    boolean force,
    Training training,
    boolean warmStart,
    Optional<Duration> maxDuration,
    int retries,
    DriftLimits limits,
    boolean driftFails,
    Gate gate,
    int keep,
    Duration lockTimeout,
    int keptCode,
    Hook onSuccess,
    Hook onFailure) {

  public Plan {
    GradcastException.require(retries >= 0, "retry-with-lower-rate", "0 or more", retries);
    GradcastException.require(keep >= 1, "keep", "1 or more", keep);
    GradcastException.require(
        keptCode >= 0 && keptCode < 126, "kept-exit-code", "0 to 125", keptCode);
    maxDuration.ifPresent(it -> requirePositive("max-duration", it));
    requirePositive("lock-timeout", lockTimeout);
  }

  private static void requirePositive(String key, Duration duration) {
    GradcastException.require(
        !duration.isNegative() && !duration.isZero(), key, "a duration above 0", duration);
  }

  /**
   * What is trained, on what.
   *
   * @param network reads its text
   * @param places URIs of all data, by which it is seen whether they have changed; none of a query
   * @param open opens the data
   * @param settings by their keys: all that has a part in the model
   * @param checkpointEvery how often the state is kept
   * @param partitions of the data; 0 for one a core
   * @param treeDepth 0 for what suits the sizes
   */
  public record Training(
      TrainingConfig config,
      Function<Storage, NetworkText> network,
      List<String> places,
      Function<DataSources, Sources> open,
      Map<String, Object> settings,
      Interval checkpointEvery,
      int partitions,
      ExchangeKind exchange,
      int treeDepth) {}
}
