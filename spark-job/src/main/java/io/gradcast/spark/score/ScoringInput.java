package io.gradcast.spark.score;

import io.gradcast.engine.data.Samples;
import io.gradcast.spark.source.BadRecord;
import io.gradcast.spark.source.Decoding;
import io.gradcast.spark.source.FolderRecords;
import io.gradcast.spark.source.ImageForm;
import io.gradcast.spark.source.ImageRecord;
import io.gradcast.spark.source.KeyKind;
import io.gradcast.spark.source.RecordKey;
import io.gradcast.spark.source.RowReader;
import io.gradcast.spark.source.Source.Rejected;
import io.gradcast.spark.source.TableRecords;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Images that are to be scored, where they are and in the order in which they are there.
 *
 * @param name of the data, for messages
 * @param rejectedFiles that cannot be read and are left out
 * @param carried columns that go before the scores: {@code id}, those that are kept, and {@code
 *     label} where there is one
 */
public record ScoringInput(
    String name, List<Rejected> rejectedFiles, StructType carried, JavaRDD<Unscored> images) {

  private static final String ID = "id";
  private static final String LABEL = "label";

  /** Labelled images in pieces. */
  public static ScoringInput of(String name, JavaRDD<Samples> pieces, List<String> classes) {
    StructType carried =
        new StructType().add(ID, DataTypes.LongType, false).add(LABEL, DataTypes.StringType, false);
    return new ScoringInput(
        name, List.of(), carried, pieces.flatMap(new Unpacking(new ArrayList<>(classes))));
  }

  /**
   * Images in files. The folder that one is in is its label, if it has the name of a class.
   *
   * @param form that the model takes
   */
  public static ScoringInput of(
      JavaSparkContext context, FolderRecords files, ImageForm form, List<String> classes) {
    StructType carried =
        new StructType()
            .add(ID, DataTypes.StringType, false)
            .add(LABEL, DataTypes.StringType, true);
    List<String> names = new ArrayList<>(classes);
    JavaRDD<Unscored> images =
        files
            .read(context, new Decoding(form, true, List.of()))
            .map(file -> unscored(file._1().text(), file._2(), names));
    return new ScoringInput(files.name(), files.rejectedFiles(), carried, images);
  }

  private static Unscored unscored(String path, ImageRecord image, List<String> classes) {
    if (!image.isGood()) {
      return Unscored.bad(path, image.problem());
    }
    String folder = image.labels().get(0);
    return Unscored.good(
        new Object[] {path, classes.contains(folder) ? folder : null}, image.image().pixels());
  }

  /**
   * The rows of a table.
   *
   * @param idColumn whose values are ids; empty for the places of rows
   * @param labelColumn empty where there is none
   * @param kept columns of the table that are carried along
   * @param form that the model takes
   */
  public static ScoringInput of(
      TableRecords table, String idColumn, String labelColumn, List<String> kept, ImageForm form) {
    List<String> columns = new ArrayList<>(kept);
    if (!idColumn.isEmpty()) {
      columns.add(0, idColumn);
    }
    if (!labelColumn.isEmpty()) {
      columns.add(labelColumn);
    }
    Dataset<Row> rows = table.rows(columns);
    StructType types = new StructType();
    int first = table.width();
    if (idColumn.isEmpty()) {
      types = types.add(ID, DataTypes.StringType, false);
    } else {
      types = types.add(ID, rows.schema().fields()[first++].dataType(), false);
    }
    for (String column : kept) {
      types = types.add(column, rows.schema().fields()[first++].dataType(), true);
    }
    if (!labelColumn.isEmpty()) {
      types = types.add(LABEL, DataTypes.StringType, true);
    }
    RowScoring reading =
        new RowScoring(
            table.kind(),
            table.reader(new Decoding(form, false, List.of())),
            new Decoding(form, true, List.of()),
            table.width(),
            columns.size(),
            !labelColumn.isEmpty());
    return new ScoringInput(
        table.name(), table.rejectedFiles(), types, rows.javaRDD().map(reading));
  }

  /** The images of pieces, one by one. */
  private record Unpacking(List<String> classes) implements FlatMapFunction<Samples, Unscored> {

    @Override
    public Iterator<Unscored> call(Samples piece) {
      return IntStream.range(0, piece.count())
          .mapToObj(
              row ->
                  Unscored.good(
                      new Object[] {piece.ids()[row], label(piece, row)}, piece.image(row)))
          .iterator();
    }

    private String label(Samples piece, int row) {
      return piece.severalLabels()
          ? IntStream.range(0, classes.size())
              .filter(i -> piece.has(row, i))
              .mapToObj(classes::get)
              .collect(Collectors.joining(Scorer.SEPARATOR))
          : classes.get(piece.label(row));
    }
  }

  /** The images of rows; one a task, since it counts them. */
  private static final class RowScoring implements Function<Row, Unscored>, Serializable {

    private static final long serialVersionUID = 1;

    private final KeyKind kind;
    private final RowReader reader;
    private final Decoding labels;
    private final int first;
    private final int columns;
    private final boolean labelled;

    RowScoring(
        KeyKind kind, RowReader reader, Decoding labels, int first, int columns, boolean labelled) {
      this.kind = kind;
      this.reader = reader;
      this.labels = labels;
      this.first = first;
      this.columns = columns;
      this.labelled = labelled;
    }

    @Override
    public Unscored call(Row row) {
      Tuple2<RecordKey, ImageRecord> read = reader.call(row);
      ImageRecord image = read._2();
      if (!image.isGood()) {
        return Unscored.bad(kind.describe(read._1()), image.problem());
      }
      int own = kind == KeyKind.ID ? 0 : 1;
      Object[] carried = new Object[own + columns];
      if (own > 0) {
        carried[0] = id(read._1());
      }
      for (int i = 0; i < columns; i++) {
        carried[own + i] = row.get(first + i);
      }
      if (labelled) {
        carried[carried.length - 1] = label(row.get(first + columns - 1));
      }
      return Unscored.good(carried, image.image().pixels());
    }

    /**
     * Of a row that has no id of its own: its file and its place there, or a hash of what it is.
     */
    private String id(RecordKey key) {
      if (kind == KeyKind.CONTENT) {
        return "%016x%016x".formatted(key.first(), key.second());
      }
      String part = key.first() == 0 ? "" : key.first() + ":";
      return new Path(key.text()) + "#" + part + key.second();
    }

    /** Null where there is none that can be one. */
    private String label(Object value) {
      try {
        return String.join(Scorer.SEPARATOR, labels.labels(value));
      } catch (BadRecord e) {
        return null;
      }
    }
  }
}
