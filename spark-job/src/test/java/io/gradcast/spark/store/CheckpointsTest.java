package io.gradcast.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.model.Checkpoint;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens, a checkpoint is there in whole or not at all, and a whole one stays. */
class CheckpointsTest {

  private static final Network NETWORK = new Network(NetworkSpec.named("zhang"));

  @TempDir private Path parent;
  private Path folder;
  private Checkpoints checkpoints;

  @BeforeEach
  void start() {
    FaultyFileSystem.heal();
    folder = parent.resolve("kept");
    checkpoints = open();
    checkpoints.begin(true);
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  private Checkpoints open() {
    return new Storage(FaultyFileSystem.configuration())
        .checkpoints(FaultyFileSystem.uri(folder), FaultyFileSystem.uri(parent.resolve("out")));
  }

  /** One in the first epoch, which its minibatch tells from others. */
  private static Checkpoint at(int minibatch) {
    float[] parameters = NETWORK.initialParameters(1);
    double loss = minibatch * 0.1;
    TrainingState state =
        new TrainingState(List.of(), 0, minibatch, parameters, Map.of(), loss, minibatch, 1, 1, 1);
    return new Checkpoint(
        NETWORK, new Provenance("0.1.0", "0".repeat(32), 100_000, 3, 1, 1.0, 1), state);
  }

  private static String name(int minibatch) {
    return "checkpoint-%014d.safetensors".formatted(minibatch);
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static Set<String> names(int... minibatches) {
    return Arrays.stream(minibatches).mapToObj(CheckpointsTest::name).collect(Collectors.toSet());
  }

  private int newest() {
    return open().newest().orElseThrow().checkpoint().state().minibatch();
  }

  private void damage(int minibatch) throws IOException {
    Path file = folder.resolve(name(minibatch));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  private static String errorsOf(Runnable action) {
    PrintStream former = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(former);
    }
    return err.toString(StandardCharsets.UTF_8);
  }

  private static GradcastException fault(Kind kind, Runnable action, String... pieces) {
    GradcastException e = assertThrows(GradcastException.class, action::run);
    assertEquals(kind, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    for (String piece : pieces) {
      assertTrue(e.getMessage().contains(piece), e.getMessage());
    }
    return e;
  }

  @Test
  void newestTwoAreKept() throws IOException {
    assertTrue(open().isEmpty());
    assertTrue(open().newest().isEmpty());
    for (int minibatch : new int[] {7, 14, 99, 100}) {
      checkpoints.write(at(minibatch));
      assertEquals(minibatch, newest());
    }
    assertEquals(names(99, 100), names());
    assertFalse(open().isEmpty());
  }

  @Test
  void folderThatIsNotThereHasNone() throws IOException {
    Files.delete(folder);
    assertTrue(open().isEmpty());
    assertTrue(open().newest().isEmpty());
  }

  @Test
  void missingParentsAreMade() {
    folder = parent.resolve("a").resolve("b");
    Checkpoints deep = open();
    deep.begin(true);
    deep.write(at(1));
    assertEquals(1, newest());
  }

  @Test
  void folderThatIsAFileIsRefused() throws IOException {
    folder = Files.writeString(parent.resolve("file"), "text");
    Checkpoints none = open();
    fault(
        Kind.OUTPUT,
        () -> none.begin(true),
        "checkpoint faulty:" + folder + ": expected to write there, found: ");
    assertEquals("text", Files.readString(folder));
  }

  @Test
  void folderInTheOutputIsRefused() {
    Storage storage = new Storage(FaultyFileSystem.configuration());
    for (String within : List.of("/x/out", "/x/out/", "/x/out/deep/kept")) {
      fault(
          Kind.USAGE,
          () -> storage.checkpoints(within, "/x/out"),
          "checkpoint: expected a folder outside of the output, found file:/x/out");
    }
    storage.checkpoints("/x/out.checkpoints", "/x/out");
    storage.checkpoints("/x", "/x/out");
  }

  @Test
  void writeThatFailsLeavesTheEarlierOnesAndNothingHalfMade() throws IOException {
    checkpoints.write(at(1));
    checkpoints.write(at(2));
    FaultyFileSystem.leaveSpace(5000);
    fault(
        Kind.OUTPUT,
        () -> checkpoints.write(at(3)),
        "checkpoint faulty:" + folder + ": expected to write there, found: No space left");
    assertEquals(names(1, 2), names());
    assertEquals(2, newest());
  }

  @Test
  void renameThatFailsLeavesTheEarlierOnesAndNothingHalfMade() throws IOException {
    checkpoints.write(at(1));
    checkpoints.write(at(2));
    FaultyFileSystem.failRenamesTo(path -> path.getName().equals(name(3)));
    fault(Kind.OUTPUT, () -> checkpoints.write(at(3)), "could not be renamed to");
    assertEquals(names(1, 2), names());
    assertEquals(2, newest());
  }

  @Test
  void whatAKilledRunLeftHalfWrittenIsNoCheckpointAndIsTakenAway() throws IOException {
    checkpoints.write(at(1));
    Files.writeString(folder.resolve("." + name(2) + ".inprogress-1234"), "half");
    assertEquals(1, newest());
    open().begin(true);
    assertEquals(names(1), names());
  }

  @Test
  void beginningAnewTakesAwayWhatIsThereButForeignFiles() throws IOException {
    checkpoints.write(at(1));
    Files.writeString(folder.resolve("notes.txt"), "mine");
    open().begin(false);
    assertEquals(Set.of("notes.txt"), names());
  }

  @Test
  void damagedNewestIsNamedAndTheOneBeforeItTaken() throws IOException {
    checkpoints.write(at(1));
    checkpoints.write(at(2));
    damage(2);
    String said = errorsOf(() -> assertEquals(1, newest()));
    assertEquals(1, said.lines().count(), said);
    assertTrue(
        said.startsWith("gradcast: checkpoint faulty:%s/%s: expected ".formatted(folder, name(2))),
        said);
    assertTrue(said.strip().endsWith("; taking the one before it"), said);
  }

  /** Some file systems, such as HDFS, do not rename to a name that is taken. */
  @Test
  void damagedOneIsReplacedAndTheOneGoneOnFromStaysUntilThen() throws IOException {
    checkpoints.write(at(1));
    checkpoints.write(at(3));
    damage(3);
    Checkpoints resumed = open();
    errorsOf(resumed::newest);
    FaultyFileSystem.failRenamesTo(path -> Files.exists(Path.of(path.toUri().getPath())));
    resumed.begin(true);
    assertEquals(names(1, 3), names());
    resumed.write(at(3));
    assertEquals(names(1, 3), names());
    assertEquals(3, newest());
  }

  @Test
  void damagedOneAheadGoesWithTheNextWrite() throws IOException {
    checkpoints.write(at(1));
    checkpoints.write(at(5));
    damage(5);
    Checkpoints resumed = open();
    errorsOf(resumed::newest);
    resumed.begin(true);
    resumed.write(at(2));
    assertEquals(names(1, 2), names());
    resumed.write(at(3));
    assertEquals(names(2, 3), names());
  }

  @Test
  void damagedOnesAloneAreAnError() throws IOException {
    checkpoints.write(at(1));
    checkpoints.write(at(2));
    damage(1);
    Files.write(folder.resolve(name(2)), new byte[0]);
    fault(
        Kind.MODEL,
        () -> open().newest(),
        "checkpoint faulty:%s/%s: expected a safetensors file, found 0 bytes"
            .formatted(folder, name(2)),
        "; no earlier checkpoint can be read");
    assertEquals(names(1, 2), names());
  }

  @Test
  void whatCannotBeTakenAwayIsNamedAndEndsNothing() throws IOException {
    checkpoints.write(at(1));
    checkpoints.write(at(2));
    FaultyFileSystem.failDeletes(path -> path.getName().equals(name(1)));
    String said = errorsOf(() -> checkpoints.write(at(3)));
    assertEquals(
        "gradcast: left behind faulty:%s/%s: Permission denied".formatted(folder, name(1)),
        said.strip());
    assertEquals(3, newest());
  }

  @Test
  void allAreTakenAwayWithTheFolder() {
    checkpoints.write(at(1));
    checkpoints.write(at(2));
    checkpoints.deleteAll();
    assertFalse(Files.exists(folder));
  }

  @Test
  void folderWithForeignFilesStays() throws IOException {
    checkpoints.write(at(1));
    Files.writeString(folder.resolve("notes.txt"), "mine");
    checkpoints.deleteAll();
    assertEquals(Set.of("notes.txt"), names());
  }
}
