package io.gradcast.spark.cli;

/**
 * Every setting of a training, once: its key in {@code conf/gradcast.conf}, which is also its flag,
 * its default and its help. The parser, {@code --help} and the check of the file are driven by it.
 */
enum Setting {
  DATA(
      "data",
      "URI",
      "",
      "folder of IDX files by MNIST's names, plain or .gz; of any scheme the cluster has."
          + " Empty: the digits that come with Gradcast"),
  OUTPUT(
      "output",
      "URI",
      "",
      "folder to make for the model, metrics and summary. Empty: runs/<time> where you are"),
  OVERWRITE("overwrite", "BOOLEAN", "false", "replace an earlier output"),
  CHECKPOINT(
      "checkpoint",
      "URI",
      "",
      "folder for checkpoints. Empty: <output>.checkpoints, which is deleted once the output is"
          + " there"),
  CHECKPOINT_EVERY(
      "checkpoint-every",
      "INTERVAL",
      "",
      "how often one is written, as \"500 iterations\" or \"2 epochs\". Empty: after each epoch if"
          + " checkpoint or resume is set, else never"),
  RESUME(
      "resume",
      "BOOLEAN",
      "false",
      "go on from the newest checkpoint, or start where there is none"),
  TENSORBOARD(
      "tensorboard",
      "URI",
      "",
      "folder for TensorBoard's event files; a resumed run adds to it. Empty: none"),
  NETWORK(
      "network",
      "NAME|FILE",
      "zhang",
      "a network of conf/networks by its name, or a file like them"),
  EPOCHS("epochs", "N", "30", "passes over the training data, from 1"),
  BATCH_SIZE("batch-size", "B", "50", "samples a minibatch, from 1"),
  LEARNING_RATE("learning-rate", "A", "1.0", "step size of gradient descent, above 0"),
  SEED("seed", "S", "1", "of the initial weights and the order of samples; any integer"),
  PARTITIONS(
      "partitions", "P", "0", "parts of the data, of which a task has one or more. 0: one a core"),
  EXCHANGE(
      "exchange",
      "auto|tree|resident",
      "auto",
      "how gradient sums travel: tree is a Spark job an iteration, resident one an epoch, whose"
          + " tasks stay; auto: resident where that can be"),
  TREE_DEPTH(
      "tree-depth",
      "D",
      "0",
      "levels in which a tree adds gradient sums up, from 1. 0: what suits their sizes");

  private final String key;
  private final String label;
  private final String defaultValue;
  private final String help;

  Setting(String key, String label, String defaultValue, String help) {
    this.key = key;
    this.label = label;
    this.defaultValue = defaultValue;
    this.help = help;
  }

  String key() {
    return key;
  }

  String flag() {
    return "--" + key;
  }

  String label() {
    return label;
  }

  String defaultValue() {
    return defaultValue;
  }

  String help() {
    return help;
  }

  /** Whether the flag alone, without a value, means true. */
  boolean isSwitch() {
    return this == OVERWRITE || this == RESUME;
  }
}
