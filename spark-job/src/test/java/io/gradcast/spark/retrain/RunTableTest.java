package io.gradcast.spark.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.spark.store.FaultAt;
import io.gradcast.spark.store.FaultAt.Fault;
import io.gradcast.spark.store.ModelStore;
import io.gradcast.spark.store.RowFile;
import io.gradcast.spark.store.RowFile.Column;
import io.gradcast.spark.store.RowFile.ColumnType;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RunTableTest {

  private static final List<Column> LEAST =
      List.of(
          new Column("runId", ColumnType.TEXT),
          new Column("runDate", ColumnType.TEXT),
          new Column("outcome", ColumnType.TEXT));

  @TempDir private Path store;
  private Path folder;
  private RunTable table;

  @BeforeEach
  void start() {
    folder = store.resolve("runs");
    table = table(new Configuration(), store.toString());
  }

  private static RunTable table(Configuration configuration, String uri) {
    return new RunTable(ModelStore.open(new Storage(configuration), uri).files());
  }

  @AfterEach
  void heal() {
    FaultAt.failAt(0, Fault.ERROR);
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private GradcastException fault() {
    GradcastException fault = assertThrows(GradcastException.class, table::all);
    assertEquals(Kind.OUTPUT, fault.kind());
    return fault;
  }

  @Test
  void storeWithoutRunsHasNone() {
    assertEquals(List.of(), table.all());
  }

  @Test
  void allOfARunIsReadAgain() {
    table.write(SampleRuns.full());
    assertEquals(List.of(SampleRuns.full()), table.all());
  }

  @Test
  void nothingIsReadAgainAsNothing() {
    table.write(SampleRuns.empty("2026-11-24"));
    assertEquals(List.of(SampleRuns.empty("2026-11-24")), table.all());
  }

  @Test
  void runsComeByDateAndThenByStart() throws IOException {
    RunRecord later = SampleRuns.full();
    RunRecord earlier = SampleRuns.empty("2026-11-24");
    for (RunRecord run :
        List.of(later, SampleRuns.empty("2026-11-25"), earlier, SampleRuns.empty("2025-12-31"))) {
      table.write(run);
    }
    assertEquals(
        List.of("2025-12-31", "2026-11-24", "2026-11-24.2", "2026-11-25"),
        table.all().stream().map(RunRecord::runId).toList());
    assertEquals(4, names().size());
  }

  @Test
  void runThatIsWrittenAgainIsReplaced() throws IOException {
    table.write(SampleRuns.empty("2026-11-24.2"));
    table.write(SampleRuns.full());
    assertEquals(List.of(SampleRuns.full()), table.all());
    assertEquals(Set.of("2026-11-24.2.parquet"), names());
  }

  @Test
  void hiddenAndOtherFilesAreNoRuns() throws IOException {
    table.write(SampleRuns.full());
    Files.createDirectory(folder.resolve("folder.parquet"));
    for (String other : List.of(".2026-11-25.parquet", "_temporary.parquet", "_SUCCESS", "notes")) {
      Files.writeString(folder.resolve(other), "no Parquet");
    }
    assertEquals(List.of(SampleRuns.full()), table.all());
  }

  private void put(List<Column> columns, Map<String, ?> values) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("2026-11-24.parquet"), RowFile.write(columns, values));
  }

  @Test
  void otherColumnsThanWeKnowArePassedOverAndMissingOnesAreEmpty() throws IOException {
    List<Column> columns =
        Stream.concat(
                Stream.of(
                    new Column("carbon", ColumnType.REALS), new Column("mood", ColumnType.TEXT)),
                LEAST.stream())
            .toList();
    put(
        columns,
        Map.of(
            "carbon",
            List.of(1.5, 2.5),
            "mood",
            "good",
            "runId",
            "2026-11-24",
            "runDate",
            "2026-11-24",
            "outcome",
            "gate-failed"));
    RunRecord run = table.all().get(0);
    assertEquals(Outcome.GATE_FAILED, run.outcome());
    assertEquals("", run.reason());
    assertEquals(RunRecord.Data.NONE, run.data());
    assertEquals(RunRecord.Training.NONE, run.training());
    assertEquals(RunRecord.Comparison.NONE, run.comparison());
    assertEquals(Double.NaN, run.seconds());
  }

  @Test
  void runWithoutAnIdOrWithAnOddColumnIsAFault() throws IOException {
    put(LEAST, Map.of("runDate", "2026-11-24", "outcome", "kept"));
    assertTrue(fault().getMessage().contains("runId"), fault().getMessage());
    put(List.of(new Column("runId", ColumnType.WHOLE)), Map.of("runId", 20261124L));
    assertTrue(fault().getMessage().contains("the column runId as"), fault().getMessage());
  }

  private static Arguments damage(String name, UnaryOperator<byte[]> change) {
    return arguments(name, change);
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    return bytes;
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage("emptied", bytes -> new byte[0]),
        damage("cut at the end", bytes -> Arrays.copyOf(bytes, bytes.length - 9)),
        damage("cut at the start", bytes -> Arrays.copyOfRange(bytes, 50, bytes.length)),
        damage("text", bytes -> "runId,runDate\n".repeat(500).getBytes(StandardCharsets.UTF_8)),
        damage("footer of 2 GiB", bytes -> with(bytes, bytes.length - 5, 0x7f)),
        damage("altered", bytes -> with(bytes, latin(bytes).indexOf("better"), 'B')));
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void damagedFileIsAFaultThatNamesIt(String name, UnaryOperator<byte[]> change)
      throws IOException {
    table.write(SampleRuns.empty("2026-11-23"));
    table.write(SampleRuns.full());
    Path file = folder.resolve("2026-11-24.2.parquet");
    Files.write(file, change.apply(Files.readAllBytes(file)));
    assertTrue(fault().getMessage().contains(file.toString()), fault().getMessage());
  }

  @Test
  void fileOfOversizeIsNotReadInWhole() throws IOException {
    table.write(SampleRuns.full());
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("2026-11-24.2.parquet").toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    assertTrue(fault().getMessage().contains("more than"), fault().getMessage());
  }

  /**
   * Whichever byte is wrong, here every seventh: what happens is a sentence or a run, never another
   * exception.
   */
  @Test
  void anyByteMayBeWrong() throws IOException {
    table.write(SampleRuns.full());
    Path file = folder.resolve("2026-11-24.2.parquet");
    byte[] bytes = Files.readAllBytes(file);
    int refused = 0;
    for (int i = 0; i < bytes.length; i += 7) {
      bytes[i] ^= (byte) 0xff;
      Files.write(file, bytes);
      try {
        assertEquals(1, table.all().size());
      } catch (GradcastException e) {
        refused++;
      }
      bytes[i] ^= (byte) 0xff;
    }
    assertTrue(refused > bytes.length / 7 / 2, refused + " of " + bytes.length / 7);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void faultsOfTheStorageLeaveNoHalfFile(Fault fault) throws IOException {
    table.write(SampleRuns.empty("2026-11-23"));
    Configuration configuration = new Configuration();
    for (String[] entry : FaultAt.configuration()) {
      configuration.set(entry[0], entry[1]);
    }
    RunTable faulty = table(configuration, FaultAt.uri(store));
    boolean over = false;
    for (int call = 1; !over; call++) {
      FaultAt.failAt(call, fault);
      boolean written = true;
      try {
        faulty.write(SampleRuns.full());
      } catch (GradcastException e) {
        assertEquals(Kind.OUTPUT, e.kind());
        written = false;
      }
      over = FaultAt.calls() < call;
      FaultAt.failAt(0, fault);
      List<RunRecord> runs = table.all();
      assertTrue(!written || runs.contains(SampleRuns.full()), "call " + call);
      assertTrue(runs.contains(SampleRuns.empty("2026-11-23")), "call " + call);
      Files.deleteIfExists(folder.resolve("2026-11-24.2.parquet"));
    }
  }
}
