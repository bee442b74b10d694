package io.gradcast.spark.cli;

import picocli.CommandLine.Option;

/** The flag of every command that runs on Spark; submit.sh gives it to spark-submit as well. */
final class MasterOption {

  @Option(
      names = "--master",
      paramLabel = "M",
      description =
          "Spark master, such as local[2], spark://host:7077, yarn or k8s://https://host:443"
              + " (default: what Spark's own configuration says, else local[*])")
  private String master = "";

  String value() {
    return master;
  }
}
