package io.gradcast.spark.cli;

/** A setting, of whatever command: its key in a file, which is also its flag. */
interface Key {

  String key();

  default String flag() {
    return "--" + key();
  }

  /** What stands for its value in help. */
  String label();

  String defaultValue();

  String help();

  /** Whether the flag alone, without a value, means true. */
  boolean isSwitch();
}
