package io.gradcast.spark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;

/**
 * For JVMs that tests start: the libraries' classes as a JVM has them in memory, which saves each
 * of them a third of its time. The first test that wants them makes them, for all tests of a build.
 */
public final class SharedClasses {

  private static final Path FOLDER = Path.of("target", "shared-classes").toAbsolutePath();
  private static final String ARCHIVE = made().toString();

  private SharedClasses() {}

  /** How a JVM that lives for seconds is started, up to the name of its main class. */
  public static List<String> command() {
    List<String> command = java();
    command.addAll(jvmArguments());
    command.addAll(List.of("-cp", classPath()));
    return command;
  }

  /** What executors are given as {@code spark.executor.extraJavaOptions}. */
  public static String executorOptions() {
    return String.join(" ", jvmArguments());
  }

  /** What a JVM is given beside {@link #classPath}; it goes on without where it cannot use them. */
  private static List<String> jvmArguments() {
    return List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
  }

  /** With what Spark needs, and without the second compiler, whose speed would be lost on it. */
  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("..", "conf", "jvm.options"));
    command.add("-XX:TieredStopAtLevel=1");
    return command;
  }

  /** That of this JVM, but the libraries first: they have to come in the order they were in. */
  static String classPath() {
    return libraries() + File.pathSeparator + String.join(File.pathSeparator, folders());
  }

  private static String libraries() {
    return String.join(File.pathSeparator, entries(entry -> entry.endsWith(".jar")));
  }

  /** Of our own classes; an empty entry is the folder that the JVM was started in. */
  private static List<String> folders() {
    return entries(entry -> !entry.isEmpty() && Files.isDirectory(Path.of(entry)));
  }

  private static List<String> entries(Predicate<String> wanted) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(wanted)
        .toList();
  }

  /** Makes them, or waits until another JVM has. */
  private static Path made() {
    try {
      Files.createDirectories(FOLDER);
      String key = System.getProperty("java.vm.version") + libraries();
      Path archive = FOLDER.resolve("%08x.jsa".formatted(key.hashCode()));
      try (FileChannel channel =
              FileChannel.open(
                  FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        assertTrue(lock.isValid());
        if (Files.notExists(archive)) {
          make(archive);
        }
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By a short training, of which only jars may be on the class path. */
  private static void make(Path archive) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String folder : folders()) {
      Path jar = FOLDER.resolve(jars.size() + ".jar");
      int status =
          ToolProvider.findFirst("jar")
              .orElseThrow()
              .run(System.out, System.err, "cf", jar.toString(), "-C", folder, ".");
      assertEquals(0, status, folder);
      jars.add(jar.toString());
    }
    Path half = FOLDER.resolve("half.jsa");
    List<String> command = java();
    command.add("-Dgradcast.kernels=scalar");
    command.addAll(List.of("-XX:ArchiveClassesAtExit=" + half, "-Dspark.ui.enabled=false"));
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
    command.addAll(List.of("-Dgradcast.log=" + FOLDER.resolve("spark.log"), "-cp", libraries()));
    command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", "local[2]"));
    command.addAll(List.of("--class", "io.gradcast.spark.cli.Gradcast"));
    command.addAll(List.of("--jars", String.join(",", jars), jars.get(0)));
    command.addAll(List.of("train", "--data", data(), "--epochs", "1", "--batch-size", "1000"));
    command.addAll(List.of("--output", FOLDER.resolve("model").toString(), "--overwrite"));
    Path said = FOLDER.resolve("said.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertEquals(0, process.onExit().join().exitValue(), said::toString);
    // Half of them would bring down whoever is given them.
    Files.move(half, archive, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String data() {
    return Path.of("..", "src-test-data", "digits").toAbsolutePath().toString();
  }
}
