package io.gradcast.spark.cli;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Every setting of a training, once: its key in {@code conf/gradcast.conf}, which is also its flag,
 * its default and its help. The parser, {@code --help} and the check of the file are driven by it.
 */
enum Setting implements Key {
  DATA(
      "data",
      "URI",
      "",
      "file or folder of images, or a pattern of such; of any scheme the cluster has. Empty: the"
          + " digits that come with Gradcast"),
  QUERY("query", "SQL", "", "query whose rows are the data, in place of files"),
  FORMAT(
      "format",
      "auto|idx|packed|parquet|orc|csv|folder",
      "auto",
      "what the files are: pairs of IDX files by MNIST's names, what pack has made, tables, or"
          + " PNG and JPEG files in folders of their classes' names; auto: what the first one is"),
  IMAGE_COLUMN(
      "image-column",
      "NAME",
      "",
      "column of PNG, JPEG or raw bytes, arrays of numbers, or vectors. Empty: image, or the only"
          + " one that can be it; in CSV all that are nothing else are pixels"),
  LABEL_COLUMN(
      "label-column",
      "NAME",
      "",
      "column of names or numbers of classes, or of arrays of them. Empty: label; in CSV without"
          + " that, the first"),
  ID_COLUMN(
      "id-column",
      "NAME",
      "",
      "column of whole numbers or strings, each there once, by which samples are ordered. Empty:"
          + " the order is that of paths and of rows in them"),
  IMAGE_SIZE(
      "image-size",
      "HEIGHTxWIDTH",
      "",
      "size that PNG and JPEG files are resized to, and that bytes and numbers have. Empty: that of"
          + " the first, or square"),
  CHANNELS("channels", "1|3", "", "1: grey; 3: red, green and blue. Empty: as the first image"),
  CHANNEL_ORDER(
      "channel-order",
      "planes|pixels",
      "planes",
      "how colours lie in raw bytes and numbers: one plane after the other, or all of a pixel"
          + " together"),
  WHITE(
      "white", "W", "255", "which number stands for white in arrays, vectors and CSV; black is 0"),
  HEADER(
      "header",
      "auto|true|false",
      "auto",
      "whether CSV files have a header line; auto: whether the first has more than two fields that"
          + " are no numbers"),
  ON_BAD_RECORD(
      "on-bad-record",
      "fail|skip",
      "fail",
      "what becomes of a record that cannot be used: an error that names it, or it is left out and"
          + " listed in bad-records.csv of the output"),
  MAX_BAD_FRACTION(
      "max-bad-fraction", "PART", "0.01", "what part of all records may be left out, from 0 to 1"),
  TEST(
      "test",
      "PART|URI",
      "",
      "data to test on: a part of the data, as 0.2, or others. Empty: the t10k files of IDX, the"
          + " folder test beside train, else a tenth"),
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
  LOSS(
      "loss",
      "LOSS",
      "",
      "squared-error, softmax-cross-entropy or binary-cross-entropy, or an object as in a network's"
          + " text. Empty: the network's"),
  CLASS_WEIGHTS(
      "class-weights",
      "balanced|LIST",
      "",
      "by which a sample's loss is multiplied, as [1, 2.5] for two classes; balanced: so that each"
          + " class counts as much as the others. Empty: as the network says"),
  NORMALIZE(
      "normalize",
      "none|data",
      "",
      "data: inputs less their mean over the training data, divided by their deviation, in each"
          + " channel. Empty: as the network says"),
  EPOCHS("epochs", "N", "30", "passes over the training data, from 1; at most, with patience"),
  BATCH_SIZE("batch-size", "B", "50", "samples a minibatch, from 1"),
  LEARNING_RATE(
      "learning-rate",
      "A",
      "",
      "step size, above 0. Empty: 1.0 for sgd, 0.1 for momentum and nesterov, 0.001 for adam and"
          + " adamw"),
  SEED(
      "seed",
      "S",
      "1",
      "of the initial weights, the order of samples and what is held out; any integer"),
  OPTIMIZER(
      "optimizer",
      "sgd|momentum|nesterov|adam|adamw",
      "sgd",
      "how parameters follow from gradients; sgd is gradient descent as in the paper"),
  MOMENTUM("momentum", "M", "", "of momentum and nesterov, from 0, below 1. Empty: 0.9"),
  BETA1("beta1", "B", "", "of adam and adamw, from 0, below 1. Empty: 0.9"),
  BETA2("beta2", "B", "", "of adam and adamw, from 0, below 1. Empty: 0.999"),
  EPSILON("epsilon", "E", "", "of adam and adamw, above 0. Empty: 1e-8"),
  WEIGHT_DECAY(
      "weight-decay",
      "W",
      "",
      "times a weight is added to its gradient, or, with adamw, times the learning rate taken from"
          + " it. Empty: 0, with adamw 0.01"),
  CLIP_NORM("clip-norm", "C", "", "largest norm of a minibatch's gradient. Empty: any"),
  CLIP_VALUE("clip-value", "C", "", "largest magnitude of an element of it. Empty: any"),
  SCHEDULE(
      "schedule",
      "constant|step|exponential|cosine|plateau",
      "constant",
      "how the learning rate changes: step every so many epochs, exponential within each, cosine"
          + " over all, plateau where measurements get no better"),
  DECAY(
      "decay",
      "D",
      "",
      "factor of step, exponential and plateau. Empty: 0.1, with exponential 0.95"),
  DECAY_AFTER(
      "decay-after",
      "N",
      "",
      "step: so many epochs; plateau: so many measurements no better than the best. Empty: 10"),
  DECAY_FLOOR(
      "decay-floor", "F", "", "what part of the learning rate cosine leaves. Empty: 0, so none"),
  WARM_UP(
      "warm-up",
      "INTERVAL",
      "",
      "the learning rate rises over so long first, as \"500 iterations\" or \"2 epochs\""),
  AUGMENT_SHIFT(
      "augment-shift", "PIXELS", "0", "training images move up to so far, along each axis"),
  AUGMENT_ROTATE("augment-rotate", "DEGREES", "0", "and turn so far, either way"),
  AUGMENT_SCALE("augment-scale", "PART", "0", "and grow or shrink by such a part of their size"),
  AUGMENT_FLIP(
      "augment-flip", "BOOLEAN", "false", "and every other one is mirrored, left to right"),
  AUGMENT_ERASE("augment-erase", "PART", "0", "and such a part, a rectangle, is made black"),
  AUGMENT_ELASTIC(
      "augment-elastic", "PIXELS", "0", "and they are bent, by such a deviation along each axis"),
  VALIDATION(
      "validation",
      "PART|URI",
      "",
      "what is measured in the course of a training: a part of the training data, as 0.1, which is"
          + " held out, or other data. Empty: the test data"),
  EVALUATE_EVERY(
      "evaluate-every",
      "INTERVAL",
      "1 epoch",
      "how often that is, as \"500 iterations\" or \"2 epochs\"; once more at the end"),
  MONITOR("monitor", "loss|accuracy", "loss", "which measure patience and plateau go by"),
  PATIENCE(
      "patience",
      "N",
      "0",
      "stop after so many measurements no better than the best, and keep the weights of the best."
          + " 0: train to the end and keep the last"),
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

  /** Those that say what data are, for all commands that read any. */
  static final Set<Setting> OF_DATA =
      Collections.unmodifiableSet(EnumSet.range(DATA, MAX_BAD_FRACTION));

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

  @Override
  public String key() {
    return key;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public String defaultValue() {
    return defaultValue;
  }

  @Override
  public String help() {
    return help;
  }

  @Override
  public boolean isSwitch() {
    return this == OVERWRITE || this == RESUME || this == AUGMENT_FLIP;
  }
}
