package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Opens whatever a user has as data. */
public final class DataSources {

  private final SparkSession spark;
  private final JavaSparkContext context;
  private final Storage storage;

  public DataSources(SparkSession spark) {
    this.spark = spark;
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    storage = new Storage(context.hadoopConfiguration());
  }

  /** What some data are: their format, and those files of them that are of one split. */
  public record Found(Format format, DataSpec spec) {}

  /**
   * Finds out the format of some data, and what of them is of a split: of IDX the files by that
   * name, else the subfolder of that name, else all.
   */
  public Found find(DataSpec spec, Split split) {
    if (!spec.query().isEmpty()) {
      return new Found(Format.AUTO, spec);
    }
    Format format =
        spec.format() == Format.AUTO ? Format.recognise(storage, spec.uri()) : spec.format();
    return new Found(
        format, spec.withUri(hasSubfolder(spec, split) ? subfolder(spec, split) : spec.uri()));
  }

  /** Whether data have a part of their own for a split. */
  public boolean hasPart(DataSpec spec, Split split) {
    return hasSubfolder(spec, split) || find(spec, split).format() == Format.IDX;
  }

  private boolean hasSubfolder(DataSpec spec, Split split) {
    if (!spec.query().isEmpty()) {
      return false;
    }
    try {
      FileStatus status = storage.statusOrNull(new Path(subfolder(spec, split)));
      return status != null && status.isDirectory();
    } catch (IOException e) {
      throw DataFailures.unreadable(spec.uri(), e);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String subfolder(DataSpec spec, Split split) {
    return spec.uri() + "/" + split.folder();
  }

  /**
   * Opens labelled data.
   *
   * @param classes whose names labels are; none where the data say it
   */
  public Source open(DataSpec spec, Split split, List<String> classes) {
    Found found = find(spec, split);
    if (found.format() == Format.FOLDER && !spec.tolerance().skips()) {
      FolderRecords images = FolderRecords.open(context, storage, found.spec().uri());
      return FolderSource.open(context, images, spec.form(), classes);
    }
    return switch (found.format()) {
      case IDX -> IdxSource.open(storage, found.spec().uri(), split);
      case PACKED -> PackedSource.open(storage, new Path(found.spec().uri()), classes);
      default ->
          TableSource.open(context, records(found, true), spec.form(), classes, spec.tolerance());
    };
  }

  /**
   * The records of data that are in tables or folders.
   *
   * @param labelled whether their labels are wanted
   */
  public Records records(Found found, boolean labelled) {
    DataSpec spec = found.spec();
    String uri = spec.uri();
    return switch (found.format()) {
      case FOLDER -> FolderRecords.open(context, storage, uri);
      case CSV ->
          TableRecords.of(CsvTable.open(spark, uri, spec.header()), spec.columns(), labelled);
      case PARQUET -> files("parquet", spec, labelled);
      case ORC -> files("orc", spec, labelled);
      default -> TableRecords.of("query", query(spec.query()), spec.columns(), false, labelled);
    };
  }

  /** Where bad records are left out, files that cannot be read are as well. */
  private TableRecords files(String format, DataSpec spec, boolean labelled) {
    String uri = spec.uri();
    if (spec.tolerance().skips()) {
      TableFiles files = TableFiles.open(spark, format, uri);
      return TableRecords.of(uri, files.table(), spec.columns(), true, labelled)
          .beside(files.rejected());
    }
    Dataset<Row> table = DataFailures.reading(uri, () -> spark.read().format(format).load(uri));
    return TableRecords.of(uri, table, spec.columns(), true, labelled);
  }

  private Dataset<Row> query(String query) {
    try {
      return spark.sql(query);
    } catch (Exception e) { // checked, but Spark does not say so
      if (e instanceof AnalysisException) {
        throw new GradcastException(
            Kind.USAGE,
            "query: expected one that Spark can run, found: "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
            e);
      }
      throw e;
    }
  }
}
