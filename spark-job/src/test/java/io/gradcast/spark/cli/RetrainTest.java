package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.model.Json;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.spark.store.ModelStore;
import io.gradcast.spark.store.Storage;
import io.gradcast.spark.store.StoreLock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user gets of retraining, run by run. */
class RetrainTest {

  private static final String MONDAY = "2026-11-23";
  private static final String TUESDAY = "2026-11-24";

  @TempDir private static Path days;

  @TempDir private Path folder;
  private Retrains retrains;

  /** Tuesday's digits are other ones than Monday's; those of the test are neither. */
  @BeforeAll
  static void makeDays() throws IOException {
    DatedDigits.in(days).day(MONDAY, 1, 200).day(TUESDAY, 2, 200).day("test", 3, 200);
    DatedDigits.in(days).labelled(label -> (label + 1) % 10).day("wrong", 4, 200);
    DatedDigits.in(days).drawn(level -> 255 - level).day("inverted", 5, 200);
  }

  @BeforeEach
  void makeStore() throws IOException {
    retrains =
        new Retrains(
            folder, "--set=data=" + days + "/date={date}", "--test=" + days + "/date=test");
  }

  private static String dataOf(String day) {
    return "--data=" + days + "/date=" + day;
  }

  @Test
  void firstModelIsPromotedAndUsed() throws IOException {
    Run run = retrains.run(MONDAY).succeeded();
    Map<String, Object> summary = Retrains.summary(run);
    String version = (String) summary.get("version");
    assertEquals("promoted 0", Retrains.outcome(run));
    assertTrue(version.matches(MONDAY + "-[0-9a-f]{12}"), version);
    assertEquals(version, retrains.champion());
    assertTrue((double) summary.get("accuracy") > 0.5, run.out());
    Path made = retrains.store().resolve("models").resolve(version);
    assertEquals(
        Set.of("model.safetensors", "metrics.jsonl", "report.html", "manifest.json"),
        Outputs.names(made));
    assertEquals(
        Set.of("lock", "models", "champion", "runs", "history.html", "work"),
        Outputs.names(retrains.store()));
    assertEquals(Set.of(), Outputs.names(retrains.store().resolve("work")));
    Run evaluated = Run.of("evaluate", "--model=" + retrains.store(), dataOf("test")).succeeded();
    Run.assertPieces(evaluated.out(), "%.2f %%".formatted(100 * (double) summary.get("accuracy")));
    Run models = Run.of("models", "--store=" + retrains.store()).succeeded();
    Run.assertPieces(models.out(), version, MONDAY, "champion");
  }

  @Test
  void finishedRunIsNotDoneAgain() throws IOException {
    Run first = retrains.run(MONDAY).succeeded();
    Map<String, String> before = Outputs.contents(retrains.store().resolve("models"));
    Run second = retrains.run(MONDAY).succeeded();
    Run.assertPieces(second.err(), "run " + MONDAY + " is finished", "promoted", "--force");
    assertEquals(Retrains.summary(first), Retrains.summary(second));
    Run forced = retrains.run(MONDAY, "--force").succeeded();
    assertEquals(MONDAY + ".2", Retrains.summary(forced).get("run"));
    assertEquals(Retrains.summary(first).get("version"), Retrains.summary(forced).get("version"));
    assertEquals(before, Outputs.contents(retrains.store().resolve("models")));
  }

  @Test
  void otherDataOrSettingsAreAnotherRun() throws IOException {
    retrains.run(MONDAY).succeeded();
    Run other = retrains.run(MONDAY, dataOf(TUESDAY)).succeeded();
    assertEquals(MONDAY + ".2", Retrains.summary(other).get("run"));
    Run seeded = retrains.run(MONDAY, "--seed=7").succeeded();
    assertEquals(MONDAY + ".3", Retrains.summary(seeded).get("run"));
  }

  @Test
  void worseChallengerLeavesTheChampion() throws IOException {
    retrains.run(MONDAY).succeeded();
    String champion = retrains.champion();
    Run run = retrains.run(TUESDAY, dataOf("wrong"), "--kept-exit-code=42");
    assertEquals("kept 42", Retrains.outcome(run), run.err());
    assertEquals(champion, retrains.champion());
    Map<String, Object> summary = Retrains.summary(run);
    assertNotEquals(champion, summary.get("version"));
    assertTrue((double) summary.get("pValue") < 1e-6, run.out());
    Run.assertPieces((String) summary.get("reason"), "significance", "no worse than the champion");
    List<String> models =
        Run.of("models", "--store=" + retrains.store()).succeeded().out().lines().toList();
    assertTrue(models.get(1).startsWith(summary.get("version") + " "), models::toString);
    assertTrue(models.get(1).endsWith("  kept"), models::toString);
    assertTrue(models.get(2).endsWith("  champion"), models::toString);
  }

  @Test
  void withoutAChampionAFailedGateIsAnError() throws IOException {
    Run run = retrains.run(MONDAY, "--min-accuracy=0.999");
    assertEquals("gate-failed 9", Retrains.outcome(run), run.err());
    assertEquals("", retrains.champion());
    Run.assertPieces((String) Retrains.summary(run).get("reason"), "min-accuracy", "0.999");
  }

  @Test
  void driftFailsOrWarns() throws IOException {
    retrains.run(MONDAY).succeeded();
    Run failed = retrains.run(TUESDAY, dataOf("inverted"));
    assertEquals("drifted 3", Retrains.outcome(failed), failed.err());
    Run.assertPieces(failed.err(), "gradcast: data: drift-pixels: expected channel 1", "on-drift");
    Run warned = retrains.run(TUESDAY, dataOf("inverted"), "--on-drift=warn");
    assertEquals("kept 0", Retrains.outcome(warned), warned.err());
    assertEquals(1, ((List<?>) Retrains.summary(warned).get("warnings")).size());
  }

  @Test
  void badDataAreRecorded() throws IOException {
    Run run = retrains.run("2026-11-25");
    assertEquals("bad-data 3", Retrains.outcome(run), run.err());
    Run.assertPieces(run.err(), "gradcast: data ", "date=2026-11-25");
    assertTrue(Files.exists(retrains.store().resolve("runs/2026-11-25.parquet")));
    DatedDigits some = DatedDigits.in(folder).day("some", 1, 200);
    Files.writeString(some.day("some").resolve("3/broken.png"), "no image");
    retrains
        .run(MONDAY, "--data=" + some.day("some"), "--on-bad-record=skip", "--drift-samples=9")
        .succeeded();
    Path list = retrains.store().resolve("models/" + retrains.champion() + "/bad-records.csv");
    List<String> lines = Files.readAllLines(list);
    assertEquals(2, lines.size(), lines::toString);
    Run.assertPieces(lines.get(1), "date=some/3/broken.png");
  }

  @Test
  void divergedTrainingBeginsAnewWithALowerRate() throws IOException {
    Path linear =
        Files.writeString(
            folder.resolve("linear.conf"),
            "name = linear, layers = [{ type = dense, units = ${classes} }], loss = squared-error");
    Run failed = retrains.run(MONDAY, "--network=" + linear, "--learning-rate=8");
    assertEquals("diverged 6", Retrains.outcome(failed), failed.err());
    Run run =
        retrains.run(
            MONDAY, "--network=" + linear, "--learning-rate=8", "--retry-with-lower-rate=14");
    assertEquals("promoted 0", Retrains.outcome(run), run.err());
    List<?> warnings = (List<?>) Retrains.summary(run).get("warnings");
    assertTrue(warnings.size() >= 3 && warnings.size() < 14, warnings::toString);
    Run.assertPieces(warnings.get(0).toString(), "training diverged", "attempt 2 of 15");
  }

  @Test
  void timeThatIsUpEndsTrainingAtItsBest() throws IOException {
    Run run = retrains.run(MONDAY, "--epochs=1000000", "--max-duration=4 seconds").succeeded();
    assertEquals("promoted 0", Retrains.outcome(run));
    Run.assertPieces(Retrains.summary(run).get("warnings").toString(), "max-duration");
    Run none = retrains.run(TUESDAY, "--max-duration=1 ms");
    assertEquals("out-of-time 10", Retrains.outcome(none), none.err());
  }

  @Test
  void warmStartBeginsWithTheChampion() throws IOException {
    retrains.run(MONDAY, "--warm-start").succeeded();
    Run run = retrains.run(TUESDAY, "--warm-start").succeeded();
    String version = (String) Retrains.summary(run).get("version");
    Path manifest =
        retrains.store().resolve("models/" + Retrains.summary(run).get("formerChampion"));
    byte[] model =
        Files.readAllBytes(
            retrains.store().resolve("models/" + version).resolve("model.safetensors"));
    String provenance =
        SafeTensors.read(new ByteArrayInputStream(model), model.length, "model")
            .provenance()
            .settings()
            .get("warm-start")
            .toString();
    Run.assertPieces(Files.readString(manifest.resolve("manifest.json")), provenance);
  }

  @Test
  void windowTakesTheDaysBefore() throws IOException {
    Run one = retrains.run(TUESDAY).succeeded();
    Run two =
        retrains
            .run(TUESDAY, "--data=" + days + "/date={window}", "--window=2", "--drift-samples=2")
            .succeeded();
    assertEquals(200L, Retrains.summary(one).get("samples"));
    assertEquals(400L, Retrains.summary(two).get("samples"));
  }

  @Test
  void rollbackIsRecorded() throws IOException {
    retrains.run(MONDAY).succeeded();
    String first = retrains.champion();
    retrains.run(TUESDAY, "--significance=0").succeeded();
    assertNotEquals(first, retrains.champion());
    Run back = Run.of("rollback", "--store=" + retrains.store(), "--to=" + first).succeeded();
    Run.assertPieces(back.out(), first + " is the champion, in place of " + TUESDAY);
    assertEquals(first, retrains.champion());
    Run.assertPieces(Files.readString(retrains.store().resolve("history.html")), "rolled-back");
    Run.assertPieces(
        Run.of("models", "--store=" + retrains.store()).succeeded().out(), "former champion");
    Run.of("rollback", "--store=" + retrains.store(), "--to=nothing")
        .failedWith(4, "version nothing: expected one of", first);
  }

  @Test
  void damagedVersionIsNotRolledBackTo() throws IOException {
    retrains.run(MONDAY).succeeded();
    Path model =
        retrains.store().resolve("models/" + retrains.champion()).resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(model);
    byte[] damaged = whole.clone();
    damaged[damaged.length - 1] ^= 1;
    Files.write(model, damaged);
    Run.of("rollback", "--store=" + retrains.store(), "--to=" + retrains.champion())
        .failedWith(4, "model.safetensors: expected", "SHA-256");
    Files.write(model, whole);
    assertArrayEquals(whole, Files.readAllBytes(model));
  }

  @Test
  void oldVersionsGo() throws IOException {
    retrains.run(MONDAY).succeeded();
    String first = retrains.champion();
    for (String seed : List.of("2", "3")) {
      retrains.run(TUESDAY, "--seed=" + seed, dataOf("wrong"), "--keep=1").succeeded();
    }
    Set<String> left = Outputs.names(retrains.store().resolve("models"));
    assertEquals(2, left.size(), left::toString);
    assertTrue(left.contains(first), left::toString);
    assertEquals(first, retrains.champion());
  }

  @Test
  void hooksLearnOfTheRun() throws IOException {
    Path told = folder.resolve("told");
    String hook =
        Json.write(
            Map.of("a", List.of("sh", "-c", "echo $GRADCAST_OUTCOME \"$0\" > " + told, "$HOME x")));
    String list = hook.substring(hook.indexOf('['), hook.lastIndexOf(']') + 1);
    retrains.run(MONDAY, "--on-success=" + list).succeeded();
    assertEquals("promoted $HOME x\n", Files.readString(told));
    retrains.run(TUESDAY, "--min-samples=1000", "--on-failure=" + list);
    assertEquals("drifted $HOME x\n", Files.readString(told));
    Run broken = retrains.run(TUESDAY, "--on-success=[\"/no/such/program\"]").succeeded();
    Run.assertPieces(broken.err(), "gradcast: on-success: /no/such/program: expected a program");
  }

  @Test
  void whoeverHoldsTheLockIsNamed() throws IOException {
    Storage storage = new Storage(new Configuration());
    ModelStore store = ModelStore.open(storage, retrains.store().toString());
    try (StoreLock lock = store.files().lock("a test", Duration.ofSeconds(5))) {
      assertEquals(1, lock.number());
      Run run = retrains.run(MONDAY);
      assertEquals("locked 8", Retrains.outcome(run), run.err());
      Run.assertPieces(
          run.err(),
          "expected nobody at work, found a test (process " + ProcessHandle.current().pid());
    }
    retrains.run(MONDAY).succeeded();
  }

  @Test
  void mistakesAreSentences() {
    Run.of("retrain").failedWith(2, "store: expected where the models are kept, found nothing");
    retrains.run("tomorrow").failedWith(2, "run-date: expected a date such as", "tomorrow");
    retrains.run(MONDAY, "--lock-timeout=soon").failedWith(2, "lock-timeout", "soon");
    retrains.run(MONDAY, "--on-success=mail me").failedWith(2, "on-success: expected a list");
    retrains
        .run(MONDAY, "--min-class-recall=[\"3\"]")
        .failedWith(2, "min-class-recall: expected entries such as \"3: 0.9\", found \"3\"");
    retrains.run(MONDAY, "--min-accuracy=2").failedWith(2, "min-accuracy: expected a number from");
    Run.of("models", "--store=" + folder.resolve("none")).succeeded();
  }
}
