package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.spark.source.Digits;
import io.gradcast.spark.source.IdxSource.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees of bad records: an error, or a training without them and a list of them. */
class BadRecordsRunTest {

  @TempDir private Path folder;
  private Path data;
  private Path bad;

  /** Fifty images in folders of their classes, of which one is none. */
  @BeforeEach
  void writeData() throws IOException {
    data = folder.resolve("data");
    Digits.of(Split.TRAIN, 50).writePngs(data.resolve("train"));
    Digits.of(Split.TEST, 20).writePngs(data.resolve("test"));
    bad = data.resolve("train").resolve("3").resolve("no-image.png");
    Files.writeString(bad, "no image at all");
  }

  private Run train(String output, String... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("train", "--data", data, "--output", folder.resolve(output)));
    arguments.addAll(List.of("--epochs=1"));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray());
  }

  @Test
  void badRecordIsAnErrorThatNamesIt() throws IOException {
    train("out")
        .failedWith(
            3,
            bad + ": expected a PNG, a JPEG, or raw bytes of the size of an image, found 15 other",
            "; on-bad-record = skip leaves it out");
    Outputs.assertNothingBeside(folder, "data");
  }

  @Test
  void skippedOneIsListedAndNothingIsLearntFromIt() throws IOException {
    Run run = train("out", "--on-bad-record=skip", "--max-bad-fraction=0.02").succeeded();
    Run.assertPieces(run.err(), "gradcast: 1 bad record is left out; bad-records.csv has the list");
    List<String> lines = Files.readAllLines(folder.resolve("out").resolve("bad-records.csv"));
    assertEquals(2, lines.size());
    assertEquals("data,record,problem", lines.get(0));
    Run.assertPieces(lines.get(1), bad + "\",\"expected a PNG, a JPEG, or raw bytes");
    Files.delete(bad);
    train("without").succeeded();
    String model = "model.safetensors";
    assertEquals(
        -1,
        Files.mismatch(
            folder.resolve("out").resolve(model), folder.resolve("without").resolve(model)));
  }

  @Test
  void moreThanMayBeSkippedAreAnError() throws IOException {
    train("out", "--on-bad-record=skip", "--max-bad-fraction=0.019")
        .failedWith(3, bad.toString(), "max-bad-fraction is 0.019, 1 of 51 records are bad");
    Outputs.assertNothingBeside(folder, "data");
  }

  @Test
  void classWithoutSamplesIsAnErrorUnlessBadRecordsAreSkipped() throws IOException {
    Files.delete(bad);
    deleteClass(data.resolve("train").resolve("4"));
    train("out").failedWith(3, "expected samples of every class, found none of 4");
    train("out", "--on-bad-record=skip").succeeded();
  }

  @Test
  void onlyOneClassIsAnErrorEitherWay() throws IOException {
    Files.delete(bad);
    for (int label = 0; label < 10; label++) {
      if (label != 3) {
        deleteClass(data.resolve("train").resolve("" + label));
      }
    }
    for (String mode : List.of("fail", "skip")) {
      train("out", "--on-bad-record=" + mode)
          .failedWith(3, "expected samples of two classes or more, found only");
    }
    Outputs.assertNothingBeside(folder, "data");
  }

  /** Test data have the classes of the training data. */
  @Test
  void testLabelThatIsInNoTrainingDataIsAnError() throws IOException {
    Files.delete(bad);
    Path other = data.resolve("test").resolve("other").resolve("1.png");
    Files.createDirectory(other.getParent());
    Files.copy(data.resolve("test").resolve("3").resolve(name("3")), other);
    train("out").failedWith(3, other + ": expected a label of 0, 1, 2, 3", "found other");
  }

  private String name(String label) throws IOException {
    return Outputs.names(data.resolve("test").resolve(label)).iterator().next();
  }

  private static void deleteClass(Path folder) throws IOException {
    for (String name : Outputs.names(folder)) {
      Files.delete(folder.resolve(name));
    }
    Files.delete(folder);
  }
}
