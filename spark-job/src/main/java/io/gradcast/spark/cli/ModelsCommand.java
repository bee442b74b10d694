package io.gradcast.spark.cli;

import io.gradcast.spark.retrain.Outcome;
import io.gradcast.spark.retrain.RunRecord;
import io.gradcast.spark.retrain.RunTable;
import io.gradcast.spark.store.ModelStore;
import io.gradcast.spark.store.ModelVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists what a model store has. */
@Command(name = "models", description = "Lists the versions in a model store, the latest first.")
final class ModelsCommand implements Callable<Integer> {

  private static final String LINE = "%-24s  %-10s  %9s  %12s  %11s  %s%n";

  @Mixin private StoreOption store;

  @Override
  public Integer call() {
    ModelStore models = store.open();
    String champion = models.champion().orElse("");
    List<ModelVersion> versions = models.versions();
    if (versions.isEmpty()) {
      System.out.println("no versions in " + models.files().root());
      return 0;
    }
    Map<String, String> outcomes = outcomes(models);
    System.out.printf(LINE, "version", "date", "accuracy", "samples", "bytes", "state");
    for (int i = versions.size() - 1; i >= 0; i--) {
      ModelVersion version = versions.get(i);
      System.out.printf(
          LINE,
          version.name(),
          version.runDate(),
          "%.2f %%".formatted(100 * version.accuracy()),
          "%,d".formatted(version.samples()),
          "%,d".formatted(version.bytes()),
          version.name().equals(champion) ? "champion" : outcomes.getOrDefault(version.name(), ""));
    }
    return 0;
  }

  /** What the gate said of each version, by its name; the last run of it counts. */
  private static Map<String, String> outcomes(ModelStore models) {
    Map<String, String> outcomes = new HashMap<>();
    for (RunRecord run : new RunTable(models.files()).all()) {
      outcomes.put(
          run.training().version(),
          run.outcome() == Outcome.PROMOTED ? "former champion" : run.outcome().text());
    }
    return outcomes;
  }
}
