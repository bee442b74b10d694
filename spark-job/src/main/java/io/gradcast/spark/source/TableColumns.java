package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Finds the columns of a table that are wanted, by name and type. */
record TableColumns(String table, StructType schema) {

  /** The named one, or {@code image}, or the only one that can be it. */
  StructField image(String name) {
    String expected = "bytes, an array of numbers or a vector";
    if (!name.isEmpty()) {
      return require("image-column", name, TableColumns::isImage, expected);
    }
    List<StructField> candidates =
        Arrays.stream(schema.fields()).filter(field -> isImage(field.dataType())).toList();
    return candidates.stream()
        .filter(field -> field.name().equals("image") || candidates.size() == 1)
        .findFirst()
        .orElseThrow(
            () ->
                GradcastException.data(
                    "%s: expected a column image or only one of %s, found %s; image-column says which it is"
                        .formatted(table, expected, schema.simpleString())));
  }

  /** The named one, or {@code label}. */
  StructField label(String name) {
    return require(
        "label-column",
        name.isEmpty() ? "label" : name,
        type ->
            isLabel(type) || (type instanceof ArrayType several && isLabel(several.elementType())),
        "a number, a string, or an array of such");
  }

  StructField id(String name) {
    return require(
        "id-column",
        name,
        type -> isWhole(type) || type instanceof StringType,
        "a whole number or a string");
  }

  private static boolean isImage(DataType type) {
    return type instanceof BinaryType
        || (type instanceof ArrayType array && array.elementType() instanceof NumericType)
        || type.equals(SQLDataTypes.VectorType());
  }

  private static boolean isLabel(DataType type) {
    return type instanceof NumericType || type instanceof StringType || type instanceof BooleanType;
  }

  private static boolean isWhole(DataType type) {
    return type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType;
  }

  private StructField require(String key, String name, Predicate<DataType> suits, String expected) {
    StructField field =
        Arrays.stream(schema.fields())
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    GradcastException.data(
                        "%s: expected a column %s, found %s; %s says which it is"
                            .formatted(table, name, schema.simpleString(), key)));
    if (!suits.test(field.dataType())) {
      throw GradcastException.data(
          "%s: expected %s in column %s, found %s"
              .formatted(table, expected, name, field.dataType().simpleString()));
    }
    return field;
  }
}
