package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.store.FaultAt;
import io.gradcast.spark.store.FaultAt.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A fault in one call of the store's file system, whichever: the run succeeds or says what went
 * wrong, the champion is always whole and the old or the new one, and the next start comes to the
 * end that an undisturbed run has. {@code -Dgradcast.faults=1} tries every call, the default every
 * forty-first.
 */
class RetrainFaultsTest {

  private static final int STEP = Integer.getInteger("gradcast.faults", 41);
  private static final String MONDAY = "2026-11-23";
  private static final String TUESDAY = "2026-11-24";

  @TempDir private Path folder;
  private Retrains retrains;

  @BeforeEach
  void makeDays() throws IOException {
    Path days = folder.resolve("days");
    DatedDigits.in(days).day(MONDAY, 1, 50).day(TUESDAY, 2, 100).day("test", 3, 50);
    retrains =
        new Retrains(
            folder,
            "--set=data=" + days + "/date={date}",
            "--set=significance=0",
            "--test=" + days + "/date=test",
            "--drift-samples=9",
            "--epochs=2",
            "--lock-timeout=300 ms");
    for (String[] entry : FaultAt.configuration()) {
      System.setProperty("spark.hadoop." + entry[0], entry[1]);
    }
  }

  @AfterEach
  void heal() {
    FaultAt.failAt(0, Fault.ERROR);
    for (String[] entry : FaultAt.configuration()) {
      System.clearProperty("spark.hadoop." + entry[0]);
    }
  }

  private Path store(String name) {
    return folder.resolve("stores").resolve(name);
  }

  private Run run(String name, String date) {
    return retrains.run(date, "--store=" + FaultAt.uri(store(name)));
  }

  /** All that is published: versions, and which is champion. */
  private Map<String, String> published(String name) throws IOException {
    Map<String, String> files = new TreeMap<>(Outputs.contents(store(name).resolve("models")));
    files.keySet().removeIf(file -> file.startsWith("."));
    files.put(
        "champion",
        Files.readString(store(name).resolve("champion")).replaceFirst(",\"lock\":\\d+", ""));
    return files;
  }

  @ParameterizedTest
  @CsvSource({"ERROR, 1", "DELAY, 2", "HALF, 3"})
  void faultAnywhereIsSuccessOrAClearError(Fault fault, int first) throws IOException {
    run("undisturbed", MONDAY).succeeded();
    Map<String, String> before = published("undisturbed");
    copy(store("undisturbed"), store("monday"));
    FaultAt.failAt(0, fault);
    run("undisturbed", TUESDAY).succeeded();
    int calls = FaultAt.calls();
    Map<String, String> after = published("undisturbed");
    assertTrue(calls > 50, "calls: " + calls);
    for (int call = Math.min(first, STEP); call <= calls; call += STEP) {
      String name = fault + "-" + call;
      copy(store("monday"), store(name));
      FaultAt.failAt(call, fault);
      Run run = run(name, TUESDAY);
      FaultAt.failAt(0, fault);
      assertWell(name, run, before, after);
      assertEquals("promoted 0", Retrains.outcome(run(name, TUESDAY)), name);
      assertEquals(after, published(name), name);
      assertEquals(
          Set.of(), Outputs.names(store(name).resolve("work")), name + ": work that is left");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private void assertWell(
      String name, Run run, Map<String, String> before, Map<String, String> after)
      throws IOException {
    String champion = published(name).get("champion");
    assertTrue(
        champion.equals(before.get("champion")) || champion.equals(after.get("champion")),
        () -> name + ": " + champion);
    if (run.exitCode() != 0) {
      String last = run.err().lines().reduce("", (one, other) -> other);
      assertTrue(run.exitCode() == 5 && last.contains("injected"), () -> name + ": " + run.err());
      assertTrue(!run.err().contains("\tat "), () -> name + ": " + run.err());
    } else {
      assertEquals(after.get("champion"), champion, name);
    }
  }
}
