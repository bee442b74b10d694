package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.gradcast.engine.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Where settings come from, and what is said of wrong ones. None of it needs Spark. */
class SettingsTest {

  /** The file that users copy; tests run in the module's folder. */
  private static final Path SHIPPED = Path.of("..", "conf", "gradcast.conf");

  @TempDir private Path folder;

  private static Settings settings(Object... arguments) {
    return Settings.of(
        new CommandLine(new TrainCommand())
            .parseArgs(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new)));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("my.conf"), text);
  }

  @Test
  void defaultsHoldWhereNothingIsGiven() {
    Settings settings = settings();
    for (Setting setting : Setting.values()) {
      assertEquals(setting.defaultValue(), settings.text(setting), setting.key());
    }
    assertEquals(new TrainingConfig(30, 50, 1.0, 1), TrainingSettings.of(settings));
  }

  @Test
  void flagGoesBeforeSetBeforeFileBeforeDefault() throws IOException {
    Path file = file("epochs = 2, batch-size = 20, seed = -200");
    Settings settings =
        settings("--conf", file, "--set", "epochs=3", "--set", "seed=-300", "--epochs", "4");
    assertEquals(new TrainingConfig(4, 20, 1.0, -300), TrainingSettings.of(settings));
  }

  @Test
  void orderOnTheCommandLineDoesNotMatter() throws IOException {
    Path file = file("epochs = 2");
    assertEquals(3, settings("--set=epochs=3", "--conf", file).integer(Setting.EPOCHS, 1));
    assertEquals(4, settings("--epochs=4", "--set=epochs=3").integer(Setting.EPOCHS, 1));
  }

  @Test
  void overwriteNeedsNoValueAndTakesOne() throws IOException {
    assertTrue(settings("--overwrite").flag(Setting.OVERWRITE));
    assertTrue(settings("--set", "overwrite=true").flag(Setting.OVERWRITE));
    Path file = file("overwrite = true");
    assertEquals(false, settings("--conf", file, "--overwrite=false").flag(Setting.OVERWRITE));
  }

  @Test
  void checkpointsNeedAFolderThatCanBeFoundAgain() {
    String sentence =
        "output: expected a folder beside which checkpoints can be found again, or one for them by"
            + " --checkpoint, found neither";
    Run.of("train", "--resume").failedWith(2, sentence);
    Run.of("train", "--checkpoint-every=1 epoch").failedWith(2, sentence);
  }

  @Test
  void misspeltKeyInTheFileIsAnsweredWithTheNearest() throws IOException {
    Path file = file("bach-size = 20");
    Run.of("train", "--conf", file)
        .failedWith(2, file, "there is no key bach-size. Did you mean batch-size?");
  }

  @Test
  void nestedKeyInTheFileIsUnknown() throws IOException {
    Path file = file("epoch { count = 3 }");
    Run.of("train", "--conf", file)
        .failedWith(2, file, "there is no key epoch. Did you mean epochs?");
  }

  @Test
  void misspeltKeyInSetIsAnsweredWithTheNearest() {
    Run.of("train", "--set", "learnin-rate=2")
        .failedWith(2, "--set: there is no key learnin-rate. Did you mean learning-rate?");
  }

  @Test
  void setWithoutValueIsAnsweredWithItsForm() {
    Run run = Run.of("train", "--set", "epochs");
    assertEquals(2, run.exitCode());
    Run.assertPieces(run.err(), "--set", "KEY=VALUE", "epochs");
  }

  @Test
  void misspeltFlagIsAnsweredWithTheNearest() {
    Run run = Run.of("train", "--epoch", "3");
    assertEquals(2, run.exitCode());
    Run.assertPieces(run.err(), "gradcast: Unknown option", "'--epoch'", "--epochs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epochs | 0 | expected an integer of 1 or more",
        "epochs | -1 | expected an integer of 1 or more",
        "epochs | abc | expected an integer of 1 or more",
        "epochs | 99999999999 | expected an integer of 1 or more",
        "batch-size | 0 | expected an integer of 1 or more",
        "batch-size | 1.5 | expected an integer of 1 or more",
        "batch-size | 1048577 | expected 1 to 1048576",
        "learning-rate | 0 | expected a number above 0",
        "learning-rate | -0.5 | expected a number above 0",
        "learning-rate | NaN | expected a number above 0",
        "learning-rate | Infinity | expected a number above 0",
        "learning-rate | fast | expected a number",
        "seed | abc | expected an integer",
        "partitions | -1 | expected an integer of 0 or more",
        "tree-depth | -1 | expected an integer of 0 or more",
        "exchange | ring | expected one of auto, tree, resident",
        "overwrite | maybe | expected true or false",
        "resume | maybe | expected true or false",
        "checkpoint-every | 0 epochs | expected a number of epochs or iterations, such as 1 epoch",
        "checkpoint-every | 5 | expected a number of epochs or iterations, such as 1 epoch",
        "checkpoint-every | epoch | expected a number of epochs or iterations, such as 1 epoch",
        "checkpoint-every | -1 epochs | expected a number of epochs or iterations, such as 1 epoch",
        "checkpoint-every | 1.5 epochs | expected a number of epochs or iterations, such as 1 epoch",
        "checkpoint-every | 5 minutes | expected a number of epochs or iterations, such as 1 epoch",
        "checkpoint-every | 9999999999 epochs | expected a number of epochs or iterations, such as 1 epoch",
      })
  void impossibleValueIsRefusedWithItsKeyHoweverItIsGiven(String key, String value, String expected)
      throws IOException {
    String sentence = key + ": " + expected + ", found ";
    Path file = file("%s = \"%s\"".formatted(key, value));
    assertAll(
        () -> Run.of("train", "--" + key + "=" + value).failedWith(2, sentence),
        () -> Run.of("train", "--set", key + "=" + value).failedWith(2, sentence),
        () -> Run.of("train", "--conf", file).failedWith(2, sentence));
    // Numbers may come back in another form, 0 as 0.0.
    Run run = Run.of("train", "--" + key, value);
    assertTrue(run.err().strip().matches(".*, found " + value + "(\\.0)?"), run.err());
  }

  @Test
  void faultInTheFileIsNamedWithItsLine() throws IOException {
    Path file = file("epochs = 3\nseed = [1\n");
    Run.of("train", "--conf", file).failedWith(2, "--conf: ", file.getFileName(), ": 3: ");
  }

  @Test
  void listInTheFileIsRefused() throws IOException {
    Path file = file("epochs = [1, 2]\n");
    Run.of("train", "--conf", file)
        .failedWith(2, "--conf: ", file.getFileName(), ": 1: ", "epochs");
  }

  @Test
  void missingFileIsNamed() {
    Path missing = folder.resolve("missing.conf");
    Run.of("train", "--conf", missing)
        .failedWith(2, "--conf: expected a file, found none at " + missing);
    Run.of("train", "--conf", folder)
        .failedWith(2, "--conf: expected a file, found none at " + folder);
  }

  @Test
  void unknownNetworkIsNamed() {
    Run.of("train", "--network", "zang").failedWith(2, "network", "found zang");
  }

  @Test
  void shippedFileHasEachSettingWithItsDefaultAndHelp() throws IOException {
    assertHasAll(SHIPPED, List.of(Setting.values()));
    for (Setting setting : Setting.values()) {
      assertEquals(
          setting.defaultValue(),
          settings("--conf", SHIPPED).text(setting),
          "as read by --conf: " + setting.key());
    }
  }

  @Test
  void soHasThatOfRetraining() throws IOException {
    assertHasAll(SHIPPED.resolveSibling("retrain.conf"), List.of(RetrainSetting.values()));
  }

  private static void assertHasAll(Path file, List<? extends Key> settings) throws IOException {
    Config shipped = ConfigFactory.parseFile(file.toFile());
    assertEquals(
        settings.stream().map(Key::key).collect(Collectors.toSet()), shipped.root().keySet());
    String comments =
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("#"))
            .map(line -> line.substring(1).strip())
            .collect(Collectors.joining(" "));
    for (Key setting : settings) {
      assertEquals(setting.defaultValue(), shipped.getString(setting.key()), setting.key());
      Run.assertPieces(comments, setting.help());
    }
  }
}
