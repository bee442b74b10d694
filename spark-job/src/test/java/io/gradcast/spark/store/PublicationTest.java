package io.gradcast.spark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An output is there in whole or not at all, and an earlier one until then. */
class PublicationTest {

  @TempDir private Path folder;
  private Path target;
  private final Storage storage = new Storage(FaultyFileSystem.configuration());

  @BeforeEach
  void start() {
    FaultyFileSystem.heal();
    target = folder.resolve("out");
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  private Publication begin(boolean overwrite) {
    return storage.publish(FaultyFileSystem.uri(target), overwrite);
  }

  private void makeFormer() throws IOException {
    Files.createDirectories(target.resolve("deep"));
    Files.writeString(target.resolve("deep").resolve("file"), "former");
  }

  private void assertFormer() throws IOException {
    assertEquals(Set.of("out"), names(folder));
    assertEquals(Set.of("deep"), names(target));
    assertEquals("former", Files.readString(target.resolve("deep").resolve("file")));
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static void write(Publication publication, String text) {
    publication.write("file", out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static GradcastException assertOutputFault(Runnable action, String... pieces) {
    GradcastException e = assertThrows(GradcastException.class, action::run);
    assertEquals(5, e.kind().exitCode(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    for (String piece : pieces) {
      assertTrue(e.getMessage().contains(piece), e.getMessage());
    }
    return e;
  }

  @Test
  void filesAreInAHiddenFolderBesideTheTargetUntilTheCommit() throws IOException {
    try (Publication publication = begin(false)) {
      write(publication, "new");
      assertFalse(Files.exists(target));
      String hidden = names(folder).iterator().next();
      assertTrue(hidden.startsWith(".out.inprogress-"), hidden);
      assertEquals(Set.of(hidden), names(folder));
      assertEquals("new", Files.readString(folder.resolve(hidden).resolve("file")));
      assertEquals("faulty:" + target, publication.commit().toString());
    }
    assertEquals(Set.of("out"), names(folder));
    assertEquals(Set.of("file"), names(target));
    assertEquals("new", Files.readString(target.resolve("file")));
  }

  @Test
  void missingParentsAreMade() throws IOException {
    target = folder.resolve("a").resolve("b").resolve("out");
    try (Publication publication = begin(false)) {
      write(publication, "new");
      publication.commit();
    }
    assertEquals("new", Files.readString(target.resolve("file")));
  }

  @Test
  void closeWithoutCommitLeavesNothing() throws IOException {
    try (Publication publication = begin(false)) {
      write(publication, "new");
    }
    assertEquals(Set.of(), names(folder));
  }

  @Test
  void closeWithoutCommitLeavesTheFormer() throws IOException {
    makeFormer();
    try (Publication publication = begin(true)) {
      write(publication, "new");
      assertEquals("former", Files.readString(target.resolve("deep").resolve("file")));
    }
    assertFormer();
  }

  @Test
  void withoutOverwriteAFormerIsRefusedAtOnce() throws IOException {
    makeFormer();
    assertOutputFault(
        () -> begin(false),
        "output faulty:" + target + ": expected nothing there, found an earlier output",
        "--overwrite");
    assertFormer();
  }

  @Test
  void withoutOverwriteAFormerThatCameMeanwhileIsRefused() throws IOException {
    try (Publication publication = begin(false)) {
      write(publication, "new");
      makeFormer();
      assertOutputFault(publication::commit, "found an earlier output");
    }
    assertFormer();
  }

  @Test
  void overwriteReplacesTheFormerAndRemovesIt() throws IOException {
    makeFormer();
    try (Publication publication = begin(true)) {
      write(publication, "new");
      publication.commit();
    }
    assertEquals(Set.of("out"), names(folder));
    assertEquals(Set.of("file"), names(target));
  }

  /** Where folders are copied file by file, nobody takes half of one for the whole. */
  @Test
  void whatReadersGoByComesLast() throws IOException {
    List<String> renamed = new ArrayList<>();
    FaultyFileSystem.copyFolders();
    FaultyFileSystem.failRenamesTo(
        path -> {
          renamed.add(path.getName());
          return false;
        });
    try (Publication publication = begin(false)) {
      for (String name : List.of("report.html", "model.safetensors", "_SUCCESS")) {
        publication.write(name, out -> out.write(1));
      }
      publication.commit();
    }
    assertEquals(5, renamed.size(), renamed::toString);
    assertEquals("out", renamed.get(2));
    assertEquals(Set.of("model.safetensors", "_SUCCESS"), Set.copyOf(renamed.subList(3, 5)));
    assertEquals(Set.of("out"), names(folder));
    assertEquals(Set.of("report.html", "model.safetensors", "_SUCCESS"), names(target));
  }

  @Test
  void failureWhileWritingLeavesTheFormer() throws IOException {
    makeFormer();
    try (Publication publication = begin(true)) {
      write(publication, "first");
      FaultyFileSystem.leaveSpace(3);
      assertOutputFault(
          () -> publication.write("second", out -> out.write(new byte[100])),
          "output faulty:" + target + ": expected to write there, found: No space left on device");
    }
    assertFormer();
  }

  @Test
  void failureToSetTheFormerAsideLeavesIt() throws IOException {
    makeFormer();
    FaultyFileSystem.failRenamesTo(path -> path.getName().startsWith(".out.replaced"));
    try (Publication publication = begin(true)) {
      write(publication, "new");
      assertOutputFault(publication::commit, "could not be renamed to");
    }
    assertFormer();
  }

  @Test
  void failureToRenameRestoresTheFormer() throws IOException {
    makeFormer();
    // Once: the former comes back under the same name.
    boolean[] failed = {false};
    FaultyFileSystem.failRenamesTo(
        path -> {
          boolean fails = !failed[0] && path.getName().equals("out");
          failed[0] |= fails;
          return fails;
        });
    try (Publication publication = begin(true)) {
      write(publication, "new");
      assertOutputFault(publication::commit, "could not be renamed to");
    }
    assertTrue(failed[0]);
    assertFormer();
  }

  @Test
  void failureToCopyRestoresWhatReadersGoBy() throws IOException {
    makeFormer();
    Files.writeString(target.resolve("_SUCCESS"), "");
    FaultyFileSystem.copyFolders();
    FaultyFileSystem.failRenamesTo(path -> path.getName().startsWith(".out.replaced"));
    try (Publication publication = begin(true)) {
      write(publication, "new");
      assertOutputFault(publication::commit, "could not be renamed to");
    }
    assertTrue(Files.exists(target.resolve("_SUCCESS")));
    assertEquals(Set.of("out"), names(folder));
  }

  @Test
  void outputBelowAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    target = file.resolve("out");
    assertOutputFault(() -> begin(false), "output faulty:" + target + ": expected to write there");
    assertOutputFault(() -> begin(true), "output faulty:" + target + ": expected to write there");
    assertEquals(Set.of("file"), names(folder));
    assertEquals("text", Files.readString(file));
  }

  @Test
  void rootIsRefused() {
    assertOutputFault(
        () -> storage.publish("/", true), "output file:/: expected a folder below the root");
  }

  @Test
  void whatKilledRunsLeftOfTheSameOutputIsTakenAwayOnRequest() throws IOException {
    for (String left : new String[] {".out.inprogress-1", ".out.replaced-2"}) {
      Files.createDirectories(folder.resolve(left).resolve("deep"));
    }
    Path other = Files.createDirectory(folder.resolve(".out2.inprogress-3"));
    try (Publication publication = begin(false)) {
      publication.deleteAbandoned();
      write(publication, "new");
      publication.commit();
    }
    assertEquals(Set.of("out", other.getFileName().toString()), names(folder));
    assertEquals("new", Files.readString(target.resolve("file")));
  }

  @Test
  void whatCannotBeTakenAwayIsNamed() {
    PrintStream formerErr = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try (Publication publication = begin(false)) {
      write(publication, "new");
      FaultyFileSystem.failDeletes(path -> true);
    } finally {
      System.setErr(formerErr);
    }
    String text = err.toString(StandardCharsets.UTF_8);
    assertTrue(text.startsWith("gradcast: left behind faulty:" + folder), text);
    assertTrue(text.strip().endsWith(": Permission denied"), text);
  }
}
