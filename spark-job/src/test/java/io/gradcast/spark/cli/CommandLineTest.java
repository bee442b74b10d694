package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line answers before any work is done. */
class CommandLineTest {

  @TempDir private Path folder;

  /** A mistake on the command line: what is wrong, and where to read on. */
  private static void assertMisspelt(Run run, Object... pieces) {
    assertAll(
        () -> assertEquals(2, run.exitCode()),
        () -> assertEquals("", run.out()),
        () -> assertTrue(run.err().startsWith("gradcast: "), run.err()),
        () -> assertTrue(run.err().strip().endsWith(" --help"), run.err()),
        () -> assertFalse(run.err().contains("\tat "), run.err()),
        () -> Run.assertPieces(run.err(), pieces));
  }

  @Test
  void helpShowsCommandsAndExitCodes() {
    Run run = Run.of("--help").succeeded();
    assertEquals("", run.err());
    assertTrue(run.out().startsWith("Usage: submit.sh "), run.out());
    Run.assertPieces(run.out(), "train", "evaluate", "predict", "synth", "Exit codes:");
    for (int code : List.of(0, 1, 2, 3, 4, 5, 6, 130)) {
      assertTrue(
          run.out().lines().anyMatch(line -> line.matches(" +" + code + " +\\p{Alpha}.*")),
          "exit code " + code + " in: " + run.out());
    }
  }

  @Test
  void versionIsThatOfTheBuild() {
    Run run = Run.of("--version").succeeded();
    assertEquals(
        "Gradcast " + Version.current() + ", Java " + System.getProperty("java.version"),
        run.out().strip());
    assertTrue(Version.current().matches("\\d+\\.\\d+\\.\\d+.*"), Version.current());
  }

  @ParameterizedTest
  @CsvSource({
    "train, --conf --set --master",
    "evaluate, --model --data --query --split --partitions --master",
    "predict, --model --data --split --partitions --keep --output --overwrite --output-format",
    "pack, --data --format --image-size --on-bad-record --output --overwrite --master",
    "inspect, --data --query --image-size --output --overwrite --master",
    "synth, --output --overwrite --train --test --seed gzip",
  })
  void helpOfACommandShowsItsFlags(String command, String flags) {
    Run run = Run.of(command, "--help").succeeded();
    assertEquals("", run.err());
    assertTrue(run.out().startsWith("Usage: submit.sh " + command), run.out());
    Run.assertPieces(run.out(), (Object[]) flags.split(" "));
  }

  @Test
  void helpOfTrainShowsEachSettingWithItsHelpAndDefault() {
    String help = Run.of("train", "--help").succeeded().out().replaceAll("\\s+", " ");
    for (Setting setting : Setting.values()) {
      Run.assertPieces(help, setting.flag(), setting.help());
      if (!setting.defaultValue().isEmpty()) {
        Run.assertPieces(help, setting.help() + " (default: " + setting.defaultValue() + ")");
      }
    }
  }

  @Test
  void commandIsNeeded() {
    assertMisspelt(Run.of(), "expected a command, found none", "See submit.sh --help");
  }

  @Test
  void misspeltCommandIsAnsweredWithTheNearest() {
    assertMisspelt(Run.of("trian"), "'trian'", "submit.sh train", "See submit.sh --help");
  }

  @Test
  void misspeltFlagIsAnsweredWithTheNearest() {
    assertMisspelt(
        Run.of("predict", "--model=m", "--data=d", "--output=o", "--formt=csv"),
        "Unknown option: '--formt=csv'",
        "--format",
        "See submit.sh predict --help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "predict", "synth"})
  void missingFlagIsNamed(String command) {
    String missing = command.equals("synth") ? "--output" : "--model";
    assertMisspelt(Run.of(command), "Missing required option", missing, command + " --help");
  }

  @Test
  void wordThatIsNoChoiceIsAnsweredWithTheChoices() {
    assertMisspelt(
        Run.of("predict", "--model=m", "--data=d", "--output=o", "--output-format=xls"),
        "--output-format",
        "CSV, PARQUET, JSON",
        "'xls'");
    assertMisspelt(
        Run.of("evaluate", "--model=m", "--data=d", "--split=all"),
        "--split",
        "TRAIN, TEST",
        "'all'");
  }

  @Test
  void wordThatIsNoNumberIsNamed() {
    assertMisspelt(Run.of("synth", "--output=o", "--train=many"), "--train", "'many'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--train", "--test"})
  void countBelowOneIsRefused(String flag) throws Exception {
    Run.of("synth", "--output", folder.resolve("out"), flag, 0)
        .failedWith(2, flag + ": expected 1 or more, found 0");
    Outputs.assertNothingBeside(folder);
  }

  @Test
  void unknownMasterIsNoDefectOfOurs() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Run run = Run.of("train", "--data", data, "--master", "nonsense");
    assertTrue(run.exitCode() > 1, run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    Run.assertPieces(run.err(), "gradcast: ", "nonsense");
  }
}
