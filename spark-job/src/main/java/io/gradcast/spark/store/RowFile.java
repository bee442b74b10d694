package io.gradcast.spark.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * A Parquet file of one row, made and read in memory without Spark, which reads folders of such
 * files as tables. Values are found by the names of their columns.
 */
public final class RowFile {

  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private RowFile() {}

  /** What a column holds, and how Spark SQL calls it. */
  public enum ColumnType {
    /** String: string. */
    TEXT,
    /** Long: bigint. */
    WHOLE,
    /** Double: double; NaN is kept as NULL, so that means leave it out. */
    REAL,
    /** Long, milliseconds since 1970 in UTC: timestamp. */
    TIME,
    /** A list of String: array of string. */
    TEXTS,
    /** A list of Long: array of bigint. */
    WHOLES,
    /** A list of Double: array of double. */
    REALS;

    private boolean isList() {
      return this == TEXTS || this == WHOLES || this == REALS;
    }
  }

  /** A column of the table. */
  public record Column(String name, ColumnType type) {

    /** Every column may be absent, from a row and from an older file. */
    private Type schema() {
      if (type.isList()) {
        PrimitiveTypeName element = primitive();
        return Types.optionalList()
            .requiredElement(element)
            .as(type == ColumnType.TEXTS ? LogicalTypeAnnotation.stringType() : null)
            .named(name);
      }
      LogicalTypeAnnotation meaning =
          switch (type) {
            case TEXT -> LogicalTypeAnnotation.stringType();
            case TIME -> LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS);
            default -> null;
          };
      return Types.optional(primitive()).as(meaning).named(name);
    }

    private PrimitiveTypeName primitive() {
      return switch (type) {
        case TEXT, TEXTS -> PrimitiveTypeName.BINARY;
        case WHOLE, WHOLES, TIME -> PrimitiveTypeName.INT64;
        case REAL, REALS -> PrimitiveTypeName.DOUBLE;
      };
    }

    private void put(Group row, Object value) {
      if (type.isList()) {
        Group list = row.addGroup(name);
        for (Object element : (List<?>) value) {
          put(list.addGroup(LIST), ELEMENT, element);
        }
      } else if (!(value instanceof Double number && number.isNaN())) {
        put(row, name, value);
      }
    }

    private static void put(Group group, String field, Object value) {
      if (value instanceof String text) {
        group.add(field, text);
      } else if (value instanceof Long whole) {
        group.add(field, whole.longValue());
      } else {
        group.add(field, ((Double) value).doubleValue());
      }
    }

    private Object get(Group row) {
      if (!type.isList()) {
        return get(row, name);
      }
      Group list = row.getGroup(name, 0);
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < list.getFieldRepetitionCount(LIST); i++) {
        values.add(get(list.getGroup(LIST, i), ELEMENT));
      }
      return List.copyOf(values);
    }

    private Object get(Group group, String field) {
      return switch (primitive()) {
        case BINARY -> group.getString(field, 0);
        case INT64 -> group.getLong(field, 0);
        default -> group.getDouble(field, 0);
      };
    }
  }

  private static MessageType schema(List<Column> columns) {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    columns.forEach(column -> schema.addField(column.schema()));
    return schema.named("row");
  }

  /**
   * The file with one row.
   *
   * @param values by the names of columns; one that is not there is NULL
   */
  public static byte[] write(List<Column> columns, Map<String, ?> values) {
    MessageType schema = schema(columns);
    Group row = new SimpleGroup(schema);
    for (Column column : columns) {
      if (values.containsKey(column.name())) {
        column.put(row, values.get(column.name()));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new MemoryFile.Output(bytes))
            .withType(schema)
            .withConf(new PlainParquetConfiguration())
            .withDictionaryEncoding(false)
            .withPageWriteChecksumEnabled(true)
            .build()) {
      writer.write(row);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the row of a file. Columns of it that are not asked for are passed over.
   *
   * @return values by the names of those columns that the file has and that are not NULL
   * @throws IOException saying what is wrong with the file
   */
  public static Map<String, Object> read(List<Column> columns, byte[] file) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .usePageChecksumVerification()
            .build();
    try (ParquetFileReader reader = ParquetFileReader.open(new MemoryFile.Input(file), options)) {
      List<Column> known = known(columns, reader.getFileMetaData().getSchema());
      requireOneRow(reader, file.length);
      MessageType schema = schema(known);
      reader.setRequestedSchema(schema);
      PageReadStore pages = reader.readNextRowGroup();
      Group row =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(pages, new GroupRecordConverter(schema))
              .read();
      Map<String, Object> values = new HashMap<>();
      for (Column column : known) {
        if (row.getFieldRepetitionCount(column.name()) > 0) {
          values.put(column.name(), column.get(row));
        }
      }
      return values;
    } catch (RuntimeException e) { // Parquet has one of its own for each part that is damaged
      throw new IOException(e.toString(), e);
    }
  }

  private static List<Column> known(List<Column> columns, MessageType file) throws IOException {
    List<Column> known = new ArrayList<>();
    for (Column column : columns) {
      if (file.containsField(column.name())) {
        Type found = file.getType(column.name());
        if (!found.equals(column.schema())) {
          throw new IOException("the column %s as %s".formatted(column.name(), found));
        }
        known.add(column);
      }
    }
    return known;
  }

  /** Parquet allocates what the file says its parts have, so they must lie in it. */
  private static void requireOneRow(ParquetFileReader reader, int length) throws IOException {
    if (reader.getRowGroups().size() != 1 || reader.getRecordCount() != 1) {
      throw new IOException("%d rows".formatted(reader.getRecordCount()));
    }
    for (ColumnChunkMetaData chunk : reader.getRowGroups().get(0).getColumns()) {
      long start = chunk.getStartingPos();
      if (start < 0 || chunk.getTotalSize() < 0 || chunk.getTotalSize() > length - start) {
        throw new IOException("the column %s beyond the end".formatted(chunk.getPath()));
      }
    }
  }
}
