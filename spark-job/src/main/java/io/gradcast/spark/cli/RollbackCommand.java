package io.gradcast.spark.cli;

import io.gradcast.spark.retrain.Rollback;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes an earlier version the champion again. */
@Command(
    name = "rollback",
    description = "Makes a version of a model store its champion, whatever the gate says.")
final class RollbackCommand implements Callable<Integer> {

  @Mixin private StoreOption store;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "VERSION",
      description = "a version that models lists")
  private String version;

  @Option(
      names = "--lock-timeout",
      paramLabel = "SECONDS",
      description = "as for retrain, in seconds (default: 120)")
  private int seconds = 120;

  @Override
  public Integer call() {
    String former =
        Rollback.run(store.storage(), store.uri(), version, Duration.ofSeconds(seconds));
    System.out.println(
        former.equals(version)
            ? version + " is the champion already"
            : "%s is the champion, in place of %s"
                .formatted(version, former.isEmpty() ? "none" : former));
    return 0;
  }
}
