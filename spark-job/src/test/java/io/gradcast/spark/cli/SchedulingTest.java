package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples for schedulers, run: what a scheduler would start is started, with the installation
 * and the configuration where the test has them, and its arguments are then those of a real run.
 */
class SchedulingTest {

  private static final Path EXAMPLES = Path.of("..", "docs", "scheduling");

  @TempDir private Path folder;
  private Path conf;
  private Path arguments;

  @BeforeEach
  void install() throws IOException {
    Path days = folder.resolve("days");
    for (String date : List.of("2026-11-24", today())) {
      DatedDigits.in(days).day(date, 1, 50);
    }
    Files.writeString(
        folder.resolve("network.conf"),
        "name = small, layers = [{ type = mean-pool, size = 4 },"
            + " { type = dense, units = ${classes} }], loss = softmax-cross-entropy");
    conf =
        Files.writeString(
            folder.resolve("retrain.conf"),
            """
            store = "%1$s/store"
            data = "%1$s/days/date={date}"
            network = "%1$s/network.conf"
            epochs = 2
            """
                .formatted(folder));
    arguments = folder.resolve("arguments");
    Path submit = folder.resolve("submit.sh");
    Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$@\" >'" + arguments + "'\n");
    assertTrue(submit.toFile().setExecutable(true));
  }

  private static String today() {
    return LocalDate.now(ZoneId.systemDefault()).toString();
  }

  /** An example with this test's places in it. */
  private String example(String name) throws IOException {
    return Files.readString(EXAMPLES.resolve(name))
        .replace("/opt/gradcast", folder.toString())
        .replace("/etc/gradcast/retrain.conf", conf.toString())
        .replace("/var/log/gradcast", folder.toString());
  }

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private void assertTrains(List<String> command, String date) throws IOException {
    Run run = Run.of(command.toArray()).succeeded();
    assertEquals("promoted 0", Retrains.outcome(run));
    assertEquals(date, Retrains.summary(run).get("run"));
  }

  @Test
  void crontab() throws Exception {
    String line = example("crontab").lines().filter(it -> !it.startsWith("#")).findFirst().get();
    Matcher entry = Pattern.compile("30 2 \\* \\* \\* (.*)").matcher(line);
    assertTrue(entry.matches(), line);
    run(List.of("sh", "-c", entry.group(1).replace("\\%", "%")));
    assertTrains(Files.readAllLines(arguments), today());
  }

  @Test
  void systemd() throws Exception {
    Path service =
        Files.writeString(
            folder.resolve("gradcast-retrain.service"), example("gradcast-retrain.service"));
    Path timer =
        Files.writeString(
            folder.resolve("gradcast-retrain.timer"), example("gradcast-retrain.timer"));
    String start =
        Files.readAllLines(service).stream()
            .filter(line -> line.startsWith("ExecStart="))
            .findFirst()
            .get();
    run(List.of("sh", "-c", start.substring(start.indexOf('=') + 1)));
    assertTrains(Files.readAllLines(arguments), today());
    assumeTrue(has("systemd-analyze"), "no systemd here: the units were not checked by it");
    Files.writeString(service, Files.readString(service).replace("User=gradcast\n", ""));
    String said = run(List.of("systemd-analyze", "verify", service.toString(), timer.toString()));
    assertTrue(said.lines().noneMatch(line -> line.contains("gradcast-retrain")), said);
  }

  private static boolean has(String program) {
    return List.of(System.getenv("PATH").split(":", -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Airflow is not here: its three classes are stand-ins that print what they are given. */
  @Test
  void airflow() throws Exception {
    assumeTrue(has("python3"), "no python3 here: the Airflow example was not run");
    Path modules = folder.resolve("modules");
    for (String name :
        List.of(
            "airflow",
            "airflow/operators",
            "airflow/providers",
            "airflow/providers/apache",
            "airflow/providers/apache/spark",
            "airflow/providers/apache/spark/operators")) {
      Files.createDirectories(modules.resolve(name));
      Files.writeString(
          modules.resolve(name).resolve("__init__.py"), name.equals("airflow") ? DAG : "");
    }
    Files.writeString(
        modules.resolve("airflow/operators/bash.py"), OPERATOR + "BashOperator = O\n");
    Files.writeString(
        modules.resolve("airflow/providers/apache/spark/operators/spark_submit.py"),
        OPERATOR + "SparkSubmitOperator = O\n");
    Path dag = Files.writeString(folder.resolve("dag.py"), example("gradcast_retrain.py"));
    String printed = run(List.of("env", "PYTHONPATH=" + modules, "python3", dag.toString()));
    List<String> command = new ArrayList<>();
    for (String line : printed.lines().filter(it -> it.startsWith("argument ")).toList()) {
      command.add(line.substring(line.indexOf(' ') + 1).replace("{{ ds }}", "2026-11-24"));
    }
    assertTrue(printed.contains("class " + Gradcast.class.getName()), printed);
    assertTrains(command, "2026-11-24");
    String look =
        printed.lines().filter(it -> it.startsWith("bash ")).findFirst().get().substring(5);
    Files.writeString(
        folder.resolve("submit.sh"), "#!/bin/sh\necho '2026-11-24-0123456789ab  2026-11-24'\n");
    run(List.of("sh", "-c", look.replace("{{ ds }}", "2026-11-24")));
  }

  private static final String DAG =
      """
      class DAG:
          def __init__(self, **settings): pass
          def __enter__(self): return self
          def __exit__(self, *error): pass
      """;

  private static final String OPERATOR =
      """
      class O:
          def __init__(self, task_id, java_class="", application_args=(), bash_command="", **rest):
              print("class", java_class)
              for argument in application_args: print("argument", argument)
              if bash_command: print("bash", bash_command)
          def __rshift__(self, other): return other
      """;

  @Test
  void kubernetes() throws Exception {
    String yaml = example("retrain.yaml");
    Matcher block = Pattern.compile("\\n    arguments:\\n((?:      - .*\\n)+)").matcher(yaml);
    assertTrue(block.find(), yaml);
    List<String> command = block.group(1).lines().map(line -> line.strip().substring(2)).toList();
    Run.assertPieces(yaml, "mainClass: " + Gradcast.class.getName(), "concurrencyPolicy: Forbid");
    assertTrains(command, today());
  }
}
