package io.gradcast.spark.cli;

import io.gradcast.engine.model.Model;
import io.gradcast.spark.score.Predictor;
import io.gradcast.spark.shard.Shards;
import io.gradcast.spark.store.Publication;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Applies a model to images and writes a table. */
@Command(
    name = "predict",
    description = "Writes id, predicted class or classes and one score a class for every image.")
final class PredictCommand implements Callable<Integer> {

  /** What the table can be written as. */
  enum Format {
    CSV,
    PARQUET
  }

  @Mixin private AppliedModel applied;
  @Mixin private MasterOption master;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "URI",
      description = "folder to make for the table")
  private String output;

  @Option(names = "--overwrite", description = "replace an earlier output")
  private boolean overwrite;

  @Option(names = "--format", paramLabel = "FORMAT", description = "csv or parquet (default: csv)")
  private Format format = Format.CSV;

  @Override
  public Integer call() {
    try (Session session = Session.start(master.value())) {
      Model model = applied.model(session);
      try (Publication publication = session.storage().publish(output, overwrite)) {
        long count =
            JobProgress.during(session, "predicting", () -> predict(session, model, publication));
        System.out.printf("%,d predictions in %s%n", count, publication.commit());
      }
    }
    return 0;
  }

  /** Fills the output, and returns the number of its rows. */
  private long predict(Session session, Model model, Publication publication) {
    try (Shards shards = applied.shards(session, model.network())) {
      Dataset<Row> table = Predictor.predict(session.spark(), model, shards);
      publication.fill(
          folder ->
              table
                  .write()
                  .mode(SaveMode.Append) // into the folder that is there already
                  .option("header", true)
                  .format(format.name().toLowerCase(Locale.ROOT))
                  .save(folder.toString()));
      return shards.count();
    }
  }
}
