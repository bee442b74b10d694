package io.gradcast.spark.source;

import static org.apache.spark.sql.functions.col;

import io.gradcast.engine.GradcastException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * CSV files, whose columns are known by their names in a header line, or by their numbers from 0.
 */
public record CsvTable(String name, Dataset<Row> table, List<String> names) {

  private static final String MALFORMED = "malformed";

  /** Whether there is a header line. */
  public enum Header {
    AUTO,
    TRUE,
    FALSE
  }

  static CsvTable open(SparkSession spark, String uri, Header header) {
    List<String> first = firstLine(spark, uri);
    boolean hasHeader = header == Header.AUTO ? isHeader(first) : header == Header.TRUE;
    StructType schema = new StructType();
    for (int i = 0; i < first.size(); i++) {
      schema = schema.add("c" + i, DataTypes.StringType);
    }
    Dataset<Row> table =
        spark
            .read()
            .schema(schema.add(MALFORMED, DataTypes.StringType))
            .option("header", hasHeader)
            .option("columnNameOfCorruptRecord", MALFORMED)
            .option("ignoreLeadingWhiteSpace", true)
            .option("ignoreTrailingWhiteSpace", true)
            .csv(uri);
    List<String> names =
        hasHeader ? first : IntStream.range(0, first.size()).mapToObj(Integer::toString).toList();
    return new CsvTable(uri, table, names);
  }

  private static List<String> firstLine(SparkSession spark, String uri) {
    return DataFailures.reading(
        uri,
        () -> {
          List<String> line = spark.read().textFile(uri).takeAsList(1);
          if (line.isEmpty()) {
            throw GradcastException.data(
                "data %s: expected lines of CSV, found none".formatted(uri));
          }
          Row row =
              spark
                  .read()
                  .option("ignoreLeadingWhiteSpace", true)
                  .option("ignoreTrailingWhiteSpace", true)
                  .csv(spark.createDataset(line, Encoders.STRING()))
                  .head();
          List<String> fields = new ArrayList<>();
          for (int i = 0; i < row.length(); i++) {
            fields.add(row.isNullAt(i) ? "" : row.getString(i));
          }
          return fields;
        });
  }

  /** Of a line of data all fields are numbers, but for its label and its id. */
  private static boolean isHeader(List<String> fields) {
    return fields.stream().filter(field -> !isNumber(field)).count() > 2;
  }

  private static boolean isNumber(String field) {
    try {
      Double.parseDouble(field);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  int columns() {
    return names.size();
  }

  Column column(int number) {
    return col("c" + number);
  }

  /** A column that is not null of a line with another number of fields. */
  Column malformed() {
    return col(MALFORMED);
  }

  /** The named one, or {@code label}, or the first; -1 where there is none and none is wanted. */
  int label(String column, boolean wanted) {
    if (!column.isEmpty()) {
      return require("label-column", column);
    }
    int usual = names.indexOf("label");
    return usual >= 0 || !wanted ? usual : 0;
  }

  /** The number of a column. */
  int require(String key, String column) {
    int number = names.indexOf(column);
    if (number < 0) {
      throw GradcastException.data(
          "%s: expected a column %s, found %d columns from %s to %s; %s says which it is"
              .formatted(
                  name, column, names.size(), names.get(0), names.get(names.size() - 1), key));
    }
    return number;
  }
}
