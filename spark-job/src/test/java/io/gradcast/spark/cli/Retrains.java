package io.gradcast.spark.cli;

import io.gradcast.engine.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Retrainings of a network that learns synthetic digits in a second, and what they say. */
final class Retrains {

  private static final String NETWORK =
      "name = small, layers = [{ type = mean-pool, size = 4 },"
          + " { type = dense, units = ${classes} }], loss = softmax-cross-entropy";

  private final Path folder;
  private final List<String> settings;

  /** Those of one store. */
  Retrains(Path folder, String... settings) throws IOException {
    this.folder = folder;
    Path network = Files.writeString(folder.resolve("network.conf"), NETWORK);
    this.settings =
        new ArrayList<>(
            List.of(
                "--set=network=" + network,
                "--set=batch-size=20",
                "--set=learning-rate=0.5",
                "--set=epochs=6",
                "--set=store=" + store()));
    this.settings.addAll(List.of(settings));
  }

  Path store() {
    return folder.resolve("store");
  }

  /** The command for a date, with more flags. */
  List<String> command(String date, String... more) {
    List<String> command = new ArrayList<>(List.of("retrain", "--run-date=" + date));
    command.addAll(settings);
    command.addAll(List.of(more));
    return command;
  }

  Run run(String date, String... more) {
    return Run.of(command(date, more).toArray());
  }

  /** The line for programs at the end of a run. */
  static Map<String, Object> summary(Run run) throws IOException {
    return Json.read(run.out().lines().reduce("", (former, last) -> last));
  }

  static String outcome(Run run) throws IOException {
    return summary(run).get("outcome") + " " + run.exitCode();
  }

  /** The version that the pointer names; empty if there is no pointer. */
  String champion() throws IOException {
    Path pointer = store().resolve("champion");
    return Files.exists(pointer)
        ? (String) Json.read(Files.readString(pointer)).get("version")
        : "";
  }
}
