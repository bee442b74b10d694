package io.gradcast.spark.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The rows of a table: of Parquet, ORC or CSV files, of a query, or of a user's own Dataset. A
 * record's key is its id where there is a column for that, else its place: the file, the part of it
 * that a task reads, and the row there, which are in one order however files are split. Rows that
 * come from no file are told by their content.
 */
public final class TableRecords implements Records {

  // Places of columns in rows().
  static final int LABEL = 0;
  static final int ID = 1;
  static final int FILE = 2;
  static final int BLOCK = 3;
  static final int IMAGE = 4;

  /** As one writes it, so that no two ids are the same number. */
  private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");

  private final String name;
  private final Dataset<Row> table;
  private final KeyKind kind;
  private final Column label;
  private final Column id;
  private final List<Column> images;
  private final Map<String, Column> named;
  private final Set<String> imageColumns;
  private final int pixels;
  private final boolean severalLabels;
  private final List<Source.Rejected> rejectedFiles;

  private TableRecords(
      String name,
      Dataset<Row> table,
      KeyKind kind,
      Column label,
      Column id,
      List<Column> images,
      Map<String, Column> named,
      Set<String> imageColumns,
      int pixels,
      boolean severalLabels,
      List<Source.Rejected> rejectedFiles) {
    this.name = name;
    this.table = table;
    this.kind = kind;
    this.label = label;
    this.id = id;
    this.images = images;
    this.named = named;
    this.imageColumns = imageColumns;
    this.pixels = pixels;
    this.severalLabels = severalLabels;
    this.rejectedFiles = rejectedFiles;
  }

  /**
   * The rows of a table.
   *
   * @param files whether the table is read from files, whose places are the keys of rows then
   * @param labelled whether labels are wanted
   */
  public static TableRecords of(
      String name, Dataset<Row> table, Columns columns, boolean files, boolean labelled) {
    TableColumns found = new TableColumns(name, table.schema());
    StructField image = found.image(columns.image());
    DataType labels = labelled ? found.label(columns.label()).dataType() : DataTypes.NullType;
    KeyKind kind = files ? KeyKind.PLACE : KeyKind.CONTENT;
    Map<String, Column> named = new LinkedHashMap<>();
    for (String column : table.columns()) {
      named.put(column, quoted(column));
    }
    Column id = lit(null);
    if (!columns.id().isEmpty()) {
      kind = KeyKind.ID;
      id = quoted(found.id(columns.id()).name());
    }
    return new TableRecords(
        name,
        table,
        kind,
        labelled ? quoted(found.label(columns.label()).name()) : lit(null),
        id,
        List.of(quoted(image.name())),
        named,
        Set.of(image.name()),
        0,
        labels instanceof ArrayType,
        List.of());
  }

  /** The lines of CSV files, of which all columns are pixels that are neither label nor id. */
  static TableRecords of(CsvTable csv, Columns columns, boolean labelled) {
    int label = csv.label(columns.label(), labelled);
    int id = columns.id().isEmpty() ? -1 : csv.require("id-column", columns.id());
    List<Column> images = new ArrayList<>();
    Map<String, Column> named = new LinkedHashMap<>();
    Set<String> imageColumns = new HashSet<>();
    for (int i = 0; i < csv.columns(); i++) {
      named.put(csv.names().get(i), csv.column(i));
      if (i != label && i != id) {
        images.add(csv.column(i));
        imageColumns.add(csv.names().get(i));
      }
    }
    int pixels = images.size();
    images.add(csv.malformed());
    return new TableRecords(
        csv.name(),
        csv.table(),
        id < 0 ? KeyKind.PLACE : KeyKind.ID,
        labelled ? csv.column(label) : lit(null),
        id < 0 ? lit(null) : csv.column(id),
        images,
        named,
        imageColumns,
        pixels,
        false,
        List.of());
  }

  /** The same, beside files that cannot be read. */
  TableRecords beside(List<Source.Rejected> files) {
    return new TableRecords(
        name, table, kind, label, id, images, named, imageColumns, pixels, severalLabels, files);
  }

  private static Column quoted(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }

  /** What {@link #reader} takes, and after that the columns that are to be kept. */
  public Dataset<Row> rows(List<String> kept) {
    List<Column> columns = new ArrayList<>(List.of(label, id));
    columns.addAll(place());
    columns.addAll(images);
    kept.forEach(column -> columns.add(named.get(column)));
    return table.select(columns.toArray(new Column[0]));
  }

  /** How many columns of {@link #rows} come before those that are kept. */
  public int width() {
    return IMAGE + images.size();
  }

  private List<Column> place() {
    return kind == KeyKind.PLACE
        ? List.of(col("_metadata.file_path"), col("_metadata.file_block_start"))
        : List.of(lit(""), lit(0L));
  }

  /** What makes records of {@link #rows}; one a task. */
  public RowReader reader(Decoding decoding) {
    return new RowReader(kind, pixels, decoding);
  }

  /** Whether a column is the image, or a pixel of it. */
  public boolean isImage(String column) {
    return imageColumns.contains(column);
  }

  public KeyKind kind() {
    return kind;
  }

  /** The names of all columns, as a user knows them. */
  public List<String> columns() {
    return List.copyOf(named.keySet());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe(RecordKey key) {
    return kind.describe(key);
  }

  @Override
  public boolean severalLabels() {
    return severalLabels;
  }

  @Override
  public List<Source.Rejected> rejectedFiles() {
    return rejectedFiles;
  }

  @Override
  public boolean hasIds() {
    return kind == KeyKind.ID;
  }

  @Override
  public KeyRanges ranges(JavaSparkContext context, int parts) {
    if (kind == KeyKind.CONTENT) {
      return KeyRanges.uniform(parts);
    }
    List<Column> columns = new ArrayList<>(List.of(lit(null), id));
    columns.addAll(place());
    KeyKind keys = kind;
    JavaRDD<RecordKey> all =
        table
            .select(columns.toArray(new Column[0]))
            .javaRDD()
            .mapPartitions(
                rows -> {
                  Places places = new Places();
                  return new KeyIterator(
                      rows, keys == KeyKind.ID ? TableRecords::idKey : places::next);
                });
    return KeyRanges.of(all, parts);
  }

  @Override
  public JavaPairRDD<RecordKey, ImageRecord> read(JavaSparkContext context, Decoding decoding) {
    return rows(List.of()).javaRDD().mapToPair(reader(decoding));
  }

  @Override
  public <T> T attempt(Supplier<T> work) {
    return DataFailures.reading(name, work);
  }

  /** Whole numbers are in their order, also those in CSV, where all is text. */
  static RecordKey idKey(Row row) {
    String id = row.isNullAt(ID) ? "" : row.get(ID).toString();
    return WHOLE_NUMBER.matcher(id).matches()
        ? new RecordKey("", Long.parseLong(id), 0)
        : new RecordKey(id, 0, 0);
  }

  /** Counts the rows of each part of a file. */
  static final class Places implements Serializable {

    private static final long serialVersionUID = 1;

    private String file;
    private long block;
    private long next;

    RecordKey next(Row row) {
      String nextFile = row.getString(FILE);
      long nextBlock = row.getLong(BLOCK);
      if (!nextFile.equals(file) || nextBlock != block) {
        file = nextFile;
        block = nextBlock;
        next = 0;
      }
      return new RecordKey(file, block, next++);
    }
  }

  /** The keys of rows. */
  private record KeyIterator(Iterator<Row> rows, Function<Row, RecordKey> key)
      implements Iterator<RecordKey> {

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public RecordKey next() {
      return key.apply(rows.next());
    }
  }
}
