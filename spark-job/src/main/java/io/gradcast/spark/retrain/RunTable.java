package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.spark.retrain.RunRecord.Comparison;
import io.gradcast.spark.retrain.RunRecord.Data;
import io.gradcast.spark.retrain.RunRecord.Training;
import io.gradcast.spark.store.RowFile;
import io.gradcast.spark.store.RowFile.Column;
import io.gradcast.spark.store.RowFile.ColumnType;
import io.gradcast.spark.store.StoreFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The runs of a model store: a Parquet file each, in one folder that Spark SQL reads as a table. A
 * later version may add columns; files of before and after are then read side by side.
 */
public final class RunTable {

  /** The folder's name in the store. */
  public static final String FOLDER = "runs";

  private static final String SUFFIX = ".parquet";

  private static final List<Column> COLUMNS =
      List.of(
          new Column("runId", ColumnType.TEXT),
          new Column("runDate", ColumnType.TEXT),
          new Column("started", ColumnType.TIME),
          new Column("ended", ColumnType.TIME),
          new Column("seconds", ColumnType.REAL),
          new Column("resumed", ColumnType.WHOLE),
          new Column("outcome", ColumnType.TEXT),
          new Column("exitCode", ColumnType.WHOLE),
          new Column("reason", ColumnType.TEXT),
          new Column("warnings", ColumnType.TEXTS),
          new Column("champion", ColumnType.TEXT),
          new Column("formerChampion", ColumnType.TEXT),
          new Column("fencing", ColumnType.WHOLE),
          new Column("samples", ColumnType.WHOLE),
          new Column("testSamples", ColumnType.WHOLE),
          new Column("classes", ColumnType.TEXTS),
          new Column("classCounts", ColumnType.WHOLES),
          new Column("pixelMeans", ColumnType.REALS),
          new Column("pixelDeviations", ColumnType.REALS),
          new Column("dataListing", ColumnType.TEXT),
          new Column("dataFingerprint", ColumnType.TEXT),
          new Column("version", ColumnType.TEXT),
          new Column("epochs", ColumnType.WHOLE),
          new Column("trainSeconds", ColumnType.REAL),
          new Column("modelBytes", ColumnType.WHOLE),
          new Column("modelSha256", ColumnType.TEXT),
          new Column("accuracy", ColumnType.REAL),
          new Column("championAccuracy", ColumnType.REAL),
          new Column("onlyChampionRight", ColumnType.WHOLE),
          new Column("onlyChallengerRight", ColumnType.WHOLE),
          new Column("pValue", ColumnType.REAL),
          new Column("decision", ColumnType.TEXT),
          new Column("gradcastVersion", ColumnType.TEXT));

  private final StoreFolder store;

  /** The runs of a store, which need not be there. */
  public RunTable(StoreFolder store) {
    this.store = store;
  }

  /**
   * Adds a run, or replaces what is kept of it.
   *
   * @throws GradcastException of kind OUTPUT where it cannot be written; no half file is left
   */
  public void write(RunRecord run) {
    store.write(FOLDER + "/" + run.runId() + SUFFIX, bytes(run));
  }

  /** A run as a Parquet file. */
  static byte[] bytes(RunRecord run) {
    return RowFile.write(COLUMNS, values(run));
  }

  /**
   * All runs, the earliest first.
   *
   * @throws GradcastException of kind OUTPUT, naming the file, where one cannot be read
   */
  public List<RunRecord> all() {
    return all(
        damaged -> {
          throw damaged;
        });
  }

  /**
   * All runs that can be read, the earliest first: one damaged file must not keep all later runs.
   *
   * @param damaged is told of the others
   */
  List<RunRecord> all(Consumer<GradcastException> damaged) {
    List<RunRecord> runs = new ArrayList<>();
    for (String name : store.fileNames(FOLDER)) {
      // Spark reads these too, and passes over hidden ones.
      if (name.endsWith(SUFFIX) && !name.startsWith(".") && !name.startsWith("_")) {
        String file = FOLDER + "/" + name;
        store
            .read(file)
            .ifPresent(
                bytes -> {
                  try {
                    runs.add(read(bytes, store.path(file).toString()));
                  } catch (GradcastException e) {
                    damaged.accept(e);
                  }
                });
      }
    }
    runs.sort(Comparator.comparing(RunRecord::runDate).thenComparing(RunRecord::started));
    return runs;
  }

  /**
   * A run from what {@link #bytes} made.
   *
   * @param where it is from, for messages
   */
  static RunRecord read(byte[] bytes, String where) {
    try {
      return run(new Values(RowFile.read(COLUMNS, bytes)));
    } catch (IOException | RuntimeException e) {
      String found = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new GradcastException(
          Kind.OUTPUT,
          "store: %s: expected a run as Gradcast records it, found: %s".formatted(where, found),
          e);
    }
  }

  private static Map<String, Object> values(RunRecord run) {
    Data data = run.data();
    Training training = run.training();
    Comparison comparison = run.comparison();
    Map<String, Object> values = new HashMap<>();
    values.put("runId", run.runId());
    values.put("runDate", run.runDate());
    values.put("started", run.started());
    values.put("ended", run.ended());
    values.put("seconds", run.seconds());
    values.put("resumed", (long) run.resumed());
    values.put("outcome", run.outcome().text());
    values.put("exitCode", (long) run.exitCode());
    values.put("reason", run.reason());
    values.put("warnings", run.warnings());
    values.put("champion", run.champion());
    values.put("formerChampion", run.formerChampion());
    values.put("fencing", run.fencing());
    values.put("samples", data.samples());
    values.put("testSamples", data.testSamples());
    values.put("classes", data.classes());
    values.put("classCounts", data.classCounts());
    values.put("pixelMeans", data.pixelMeans());
    values.put("pixelDeviations", data.pixelDeviations());
    values.put("dataListing", data.listing());
    values.put("dataFingerprint", data.fingerprint());
    values.put("version", training.version());
    values.put("epochs", (long) training.epochs());
    values.put("trainSeconds", training.seconds());
    values.put("modelBytes", training.modelBytes());
    values.put("modelSha256", training.modelSha256());
    values.put("accuracy", comparison.accuracy());
    values.put("championAccuracy", comparison.championAccuracy());
    values.put("onlyChampionRight", comparison.onlyChampionRight());
    values.put("onlyChallengerRight", comparison.onlyChallengerRight());
    values.put("pValue", comparison.pValue());
    values.put("decision", comparison.decision());
    values.put("gradcastVersion", run.gradcastVersion());
    return values;
  }

  private static RunRecord run(Values values) {
    return new RunRecord(
        values.text("runId"),
        values.text("runDate"),
        values.whole("started"),
        values.whole("ended"),
        values.real("seconds"),
        values.count("resumed"),
        Outcome.of(values.text("outcome")),
        values.count("exitCode"),
        values.text("reason"),
        values.list("warnings", String.class),
        values.text("champion"),
        values.text("formerChampion"),
        values.whole("fencing"),
        new Data(
            values.whole("samples"),
            values.whole("testSamples"),
            values.list("classes", String.class),
            values.list("classCounts", Long.class),
            values.list("pixelMeans", Double.class),
            values.list("pixelDeviations", Double.class),
            values.text("dataListing"),
            values.text("dataFingerprint")),
        new Training(
            values.text("version"),
            values.count("epochs"),
            values.real("trainSeconds"),
            values.whole("modelBytes"),
            values.text("modelSha256")),
        new Comparison(
            values.real("accuracy"),
            values.real("championAccuracy"),
            values.whole("onlyChampionRight"),
            values.whole("onlyChallengerRight"),
            values.real("pValue"),
            values.text("decision")),
        values.text("gradcastVersion"));
  }

  /** What a file has of a run; what it has not is as {@link RunRecord} says. */
  private record Values(Map<String, Object> byName) {

    String text(String name) {
      return (String) byName.getOrDefault(name, "");
    }

    long whole(String name) {
      return (Long) byName.getOrDefault(name, 0L);
    }

    int count(String name) {
      return Math.toIntExact(whole(name));
    }

    double real(String name) {
      return (Double) byName.getOrDefault(name, Double.NaN);
    }

    <T> List<T> list(String name, Class<T> type) {
      return ((List<?>) byName.getOrDefault(name, List.of())).stream().map(type::cast).toList();
    }
  }
}
