package io.gradcast.spark.cli;

import io.gradcast.spark.cluster.SharedClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands in a JVM of their own, for tests that end it. */
final class Child {

  private Child() {}

  /** Starts a command with Spark on two cores; its standard error is the caller's to read. */
  static Process start(Class<?> main, List<String> jvmArguments, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.exists(Path.of("/proc/self/status"))) {
      // Whoever runs the tests in the background may have SIGINT ignored, and children inherit it.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(SharedClasses.command());
    command.add("-Xmx512m");
    command.add("-Dspark.master=local[2]");
    command.add("-Dspark.ui.enabled=false");
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
    command.add("-Dgradcast.log=" + System.getProperty("gradcast.log") + ".child");
    command.addAll(jvmArguments);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }
}
