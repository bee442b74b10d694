package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.model.Model;
import io.gradcast.spark.score.Predictor;
import io.gradcast.spark.score.RejectedRecords;
import io.gradcast.spark.score.ScoringInput;
import io.gradcast.spark.score.SharedModel;
import io.gradcast.spark.source.DataSpec;
import io.gradcast.spark.store.Publication;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Applies a model to images and writes a table. */
@Command(
    name = "predict",
    description = "Writes id, label, predicted class or classes and one score a class.")
final class PredictCommand implements Callable<Integer> {

  /** Readers of tables pass over what has such a name. */
  private static final String BAD_RECORDS = "_bad-records";

  /** What the table can be written as. */
  enum OutputFormat {
    CSV,
    PARQUET,
    JSON
  }

  @Mixin private AppliedModel applied;
  @Mixin private MasterOption master;

  @Option(
      names = "--keep",
      paramLabel = "COLUMNS",
      split = ",",
      description = "columns of the data to carry along, as a,b; all: all but image and label")
  private List<String> keep = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "URI",
      description = "folder to make for the table")
  private String output;

  @Option(names = "--overwrite", description = "replace an earlier output")
  private boolean overwrite;

  @Option(
      names = "--output-format",
      paramLabel = "FORMAT",
      description = "csv, parquet or json (default: csv)")
  private OutputFormat format = OutputFormat.CSV;

  @Override
  public Integer call() {
    try (Session session = Session.start(master.value())) {
      Model model = applied.model(session);
      DataSpec data = applied.data(model);
      try (Publication publication = session.storage().publish(output, overwrite)) {
        RejectedRecords records =
            JobProgress.during(
                session, "predicting", () -> predict(session, model, data, publication));
        long bad = records.bad();
        if (bad > 0) {
          System.err.printf(
              "gradcast: %s left out; %s has the list%n", BadRecords.are(bad), BAD_RECORDS);
        }
        System.out.printf("%,d predictions in %s%n", records.records() - bad, publication.commit());
      }
    }
    return 0;
  }

  /** Fills the output; returns what became of all records. */
  private RejectedRecords predict(
      Session session, Model model, DataSpec data, Publication publication) {
    ScoringInput input = new PredictedData(session, applied, data, keep).open(model);
    AtomicReference<RejectedRecords> records = new AtomicReference<>();
    try (SharedModel shared = new SharedModel(session.context(), model)) {
      publication.fill(
          folder -> {
            Path lists = new Path(folder, BAD_RECORDS);
            records.set(
                new RejectedRecords(session.context(), input.name(), data.tolerance(), lists));
            records.get().list(input.rejectedFiles());
            write(
                Predictor.predict(session.spark(), shared, model.classes(), input, records.get()),
                folder);
          });
    }
    records.get().requireBearable();
    publication.retain(BAD_RECORDS, records.get().files());
    return records.get();
  }

  private void write(Dataset<Row> table, Path folder) {
    String name = format.name().toLowerCase(Locale.ROOT);
    try {
      table
          .write()
          .mode(SaveMode.Append) // into the folder that is there already
          .option("header", true)
          .format(name)
          .save(folder.toString());
    } catch (Exception e) { // a checked one, but Spark does not say so
      if (e instanceof AnalysisException) {
        throw new GradcastException(
            Kind.USAGE,
            "keep: expected columns that %s can hold, found: %s"
                .formatted(name, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
            e);
      }
      throw e;
    }
  }
}
