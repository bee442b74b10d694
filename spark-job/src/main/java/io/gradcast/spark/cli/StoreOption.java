package io.gradcast.spark.cli;

import io.gradcast.spark.store.ModelStore;
import io.gradcast.spark.store.Storage;
import picocli.CommandLine.Option;

/** The flag of commands that look at a model store, for which no Spark is started. */
final class StoreOption {

  @Option(
      names = "--store",
      required = true,
      paramLabel = "URI",
      description = "folder of the versions of a model, as retrain has it")
  private String store;

  Storage storage() {
    return new Storage(Session.hadoopConfiguration());
  }

  String uri() {
    return store;
  }

  ModelStore open() {
    return ModelStore.open(storage(), store);
  }
}
