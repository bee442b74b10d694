package io.gradcast.spark.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A master and workers of Spark, each a process, from the jars of a class path: what a user has who
 * has installed Spark.
 */
public final class StandaloneCluster implements AutoCloseable {

  private static final Pattern MASTER_URL =
      Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final String REGISTERED = "Successfully registered with master";

  private final Path folder;
  private final Process master;
  private final String url;
  private final List<Process> workers = new ArrayList<>();

  /**
   * Starts a master.
   *
   * @param classPath its jars are Spark's
   */
  public StandaloneCluster(String classPath) throws IOException {
    // A new one each time: class paths differ by JDK.
    Path parent = Files.createDirectories(Path.of("target", "standalone").toAbsolutePath());
    folder = Files.createTempDirectory(parent, "spark-");
    Path jars = Files.createDirectory(folder.resolve("jars"));
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (entry.endsWith(".jar") && Files.notExists(jars.resolve(jar.getFileName()))) {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
      }
    }
    Path log = folder.resolve("master.log");
    master = start(log, "master.Master", "--host=127.0.0.1", "--port=0", "--webui-port=0");
    url = awaitInLog(master, log, MASTER_URL).group(1);
  }

  /** For {@code --master}. */
  public String url() {
    return url;
  }

  /**
   * Starts a worker and waits until the master knows it.
   *
   * @param host a name of this machine; Spark takes different names for different machines
   */
  public Process startWorker(String host, int cores) {
    String name = "worker-" + workers.size();
    Path log = folder.resolve(name + ".log");
    Process worker =
        start(
            log,
            "worker.Worker",
            "--host=" + host,
            "--port=0",
            "--webui-port=0",
            "--cores=" + cores,
            "--memory=1g",
            "--work-dir=" + folder.resolve(name),
            url);
    workers.add(worker);
    awaitInLog(worker, log, Pattern.compile(REGISTERED));
    return worker;
  }

  private Process start(Path log, String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("..", "conf", "jvm.options"));
    // They only start others: let them be there soon.
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.add("-Dspark.master.rest.enabled=false");
    command.add("-Dspark.local.dir=" + folder.resolve("local"));
    command.addAll(List.of("-cp", folder.resolve("jars") + File.separator + "*"));
    command.add("org.apache.spark.deploy." + main);
    for (String argument : arguments) {
      // Spark wants an option and its value apart.
      command.addAll(List.of(argument.split("=", 2)));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_HOME", folder.toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Matcher awaitInLog(Process process, Path log, Pattern pattern) {
    Matcher matcher = pattern.matcher("");
    Await.until(
        "%s has: %s".formatted(log, pattern),
        () -> {
          boolean alive = process.isAlive();
          boolean found = matcher.reset(read(log)).find();
          if (!found && !alive) {
            throw new AssertionError("ended at its start:\n" + read(log));
          }
          return found;
        });
    return matcher;
  }

  private static String read(Path file) {
    try {
      // Whatever it is cut off in, while it is written to.
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the workers, whose executors end with them, and the master. */
  @Override
  public void close() {
    List<ProcessHandle> processes =
        Stream.concat(workers.stream(), Stream.of(master))
            .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
            .toList();
    processes.forEach(ProcessHandle::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
