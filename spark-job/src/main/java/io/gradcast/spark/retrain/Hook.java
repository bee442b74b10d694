package io.gradcast.spark.retrain;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command of the user's, run when a run is over: a program and its arguments as they are, without
 * a shell. What it exits with changes nothing.
 */
public record Hook(List<String> command) {

  private static final long MOST_MINUTES = 10;

  /**
   * Runs the command and waits for it.
   *
   * @param environment what it learns of the run
   * @return what went wrong, in a sentence; empty if nothing did
   */
  public String run(Map<String, String> environment) {
    if (command.isEmpty()) {
      return "";
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      show(process.getInputStream());
      if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return "%s: expected an end within %d minutes, found none"
            .formatted(command.get(0), MOST_MINUTES);
      }
      return process.exitValue() == 0
          ? ""
          : "%s: expected to exit with 0, found %d".formatted(command.get(0), process.exitValue());
    } catch (IOException e) {
      return "%s: expected a program, found: %s".formatted(command.get(0), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "%s: interrupted".formatted(command.get(0));
    }
  }

  /** On standard error: standard output is for the summary alone. */
  private static void show(InputStream output) {
    Thread copier =
        new Thread(
            () -> {
              try {
                output.transferTo(System.err);
              } catch (IOException e) {
                // The program has ended.
              }
            },
            "gradcast-hook");
    copier.setDaemon(true);
    copier.start();
  }
}
