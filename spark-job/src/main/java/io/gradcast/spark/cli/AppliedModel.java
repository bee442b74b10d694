package io.gradcast.spark.cli;

import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.Network;
import io.gradcast.spark.shard.Shards;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.store.Models;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** The flags of commands that apply a model to data. */
final class AppliedModel {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "URI",
      description = "model.safetensors, or the output folder of a training")
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "URI",
      description = "folder of IDX files by MNIST's names, plain or .gz")
  private String data;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      description = "which files of the folder: train or test (default: test)")
  private Split split = Split.TEST;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "parts of the data, each the work of one task (default: one a core)")
  private int partitions;

  Model model(Session session) {
    return Models.load(session.storage(), model);
  }

  Shards shards(Session session, Network network) {
    IdxSource source = IdxSource.open(session.storage(), data, split);
    return Shards.load(session.context(), source, partitions, network.takes());
  }

  /** Which files of the folder, for a person. */
  String split() {
    return split.name().toLowerCase(Locale.ROOT);
  }

  /** What the model is applied to. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", model);
    facts.put("data", data);
    facts.put("split", split());
    return facts;
  }
}
