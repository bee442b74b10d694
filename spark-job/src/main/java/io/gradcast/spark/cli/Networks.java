package io.gradcast.spark.cli;

import io.gradcast.engine.net.NetworkText;
import io.gradcast.spark.store.NetworkFiles;
import io.gradcast.spark.store.Storage;
import java.util.List;

/** Finds the network that a user asks for. */
final class Networks {

  private Networks() {}

  /** The network of a training: what its settings say goes before what its text does. */
  static NetworkText load(Storage storage, Settings settings) {
    NetworkText network = NetworkFiles.load(storage, settings.text(Setting.NETWORK));
    for (Setting setting : List.of(Setting.LOSS, Setting.CLASS_WEIGHTS, Setting.NORMALIZE)) {
      if (settings.has(setting)) {
        network = network.with(setting.key(), settings.text(setting));
      }
    }
    return network;
  }
}
