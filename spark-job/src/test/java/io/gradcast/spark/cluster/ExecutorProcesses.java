package io.gradcast.spark.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The executors that this JVM has started, directly or through workers, as processes. */
final class ExecutorProcesses {

  private static final String MAIN = "org.apache.spark.executor.CoarseGrainedExecutorBackend";

  private ExecutorProcesses() {}

  /** Those that run, by the id that their driver knows them by. */
  static Map<String, ProcessHandle> byId() {
    Map<String, ProcessHandle> executors = new HashMap<>();
    ProcessHandle.current()
        .descendants()
        .forEach(
            process -> {
              List<String> command = command(process.pid());
              int id = command.indexOf("--executor-id") + 1;
              if (command.contains(MAIN) && id > 0) {
                executors.put(command.get(id), process);
              }
            });
    return executors;
  }

  // Not ProcessHandle.info(), which leaves out what comes behind a long class path.
  private static List<String> command(long pid) {
    Path file = Path.of("/proc", Long.toString(pid), "cmdline");
    try {
      if (Files.exists(Path.of("/proc/self/cmdline"))) {
        return Arrays.asList(Files.readString(file).split("\0", -1));
      }
      Process ps = new ProcessBuilder("ps", "-ww", "-o", "command=", "-p", "" + pid).start();
      byte[] output = ps.getInputStream().readAllBytes();
      return Arrays.asList(new String(output, StandardCharsets.UTF_8).split("\\s+", -1));
    } catch (NoSuchFileException e) {
      return List.of(); // it has ended in the meantime
    } catch (IOException e) {
      // Linux says "No such process" where it ended while it was read.
      if (ProcessHandle.of(pid).isPresent()) {
        throw new UncheckedIOException(e);
      }
      return List.of();
    }
  }

  /** Stops a process where it is, until it is resumed. */
  static void pause(ProcessHandle process) {
    signal("STOP", process);
  }

  /** Lets a paused process go on, unless it has been ended. */
  static void resume(ProcessHandle process) {
    signal("CONT", process);
  }

  private static void signal(String name, ProcessHandle process) {
    try {
      String pid = Long.toString(process.pid());
      int status = new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
      if (status != 0 && process.isAlive()) {
        throw new AssertionError("kill -%s %s: exit code %d".formatted(name, pid, status));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while sending a signal", e);
    }
  }
}
