package io.gradcast.spark.cli;

import io.gradcast.spark.cluster.SharedClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands in a JVM of their own, for tests that end it. */
final class Child {

  private static final Path JVM_OPTIONS = Path.of("..", "conf", "jvm.options");

  private Child() {}

  /** Starts a command with Spark on two cores; its standard error is the caller's to read. */
  static Process start(Class<?> main, List<String> jvmArguments, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.exists(Path.of("/proc/self/status"))) {
      // Whoever runs the tests in the background may have SIGINT ignored, and children inherit it.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + JVM_OPTIONS);
    command.add("-Xmx512m");
    // They live for seconds: what the second compiler does for speed is lost on them.
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dspark.master=local[2]");
    command.add("-Dspark.ui.enabled=false");
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
    command.add("-Dgradcast.log=" + System.getProperty("gradcast.log") + ".child");
    command.addAll(jvmArguments);
    command.addAll(SharedClasses.jvmArguments());
    command.addAll(List.of("-cp", SharedClasses.classPath()));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }
}
