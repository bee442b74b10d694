package io.gradcast.spark.ml;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.source.BadRecord;
import io.gradcast.spark.source.PixelDecoder;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What estimator and model say alike of the column that their images are in. */
final class Features {

  private Features() {}

  static DoubleParam white(Identifiable owner) {
    return new DoubleParam(
        owner,
        "white",
        "what number stands for white, where images are numbers; 0 is black",
        Check.ofNumber(
            Double.class,
            it ->
                GradcastException.require(
                    it > 0 && Double.isFinite(it), "white", "a number above 0", it)));
  }

  static BooleanParam interleaved(Identifiable owner) {
    return new BooleanParam(
        owner,
        "interleaved",
        "whether in numbers and raw bytes the channels of a pixel lie together; else one channel"
            + " follows after the other");
  }

  /**
   * Spark's own check of a schema, which wants vectors in the features; ours may be anything that
   * pixels can be made of.
   */
  static StructType checked(StructType schema, String features, UnaryOperator<StructType> check) {
    if (!schema.getFieldIndex(features).isDefined()) {
      return check.apply(schema);
    }
    int index = schema.fieldIndex(features);
    StructField field = schema.fields()[index];
    if (!isImage(field.dataType())) {
      throw GradcastException.data(
          "%s: expected vectors, arrays of numbers, or bytes that are PNG, JPEG or pixels, found %s"
              .formatted(features, field.dataType().simpleString()));
    }
    StructField vectors =
        new StructField(
            field.name(), SQLDataTypes.VectorType(), field.nullable(), field.metadata());
    StructField[] fields = check.apply(with(schema.fields(), index, vectors)).fields();
    return with(fields, index, field);
  }

  private static StructType with(StructField[] fields, int index, StructField field) {
    StructField[] all = fields.clone();
    all[index] = field;
    return new StructType(all);
  }

  /**
   * The pixels of an image.
   *
   * @param column that it is from, for messages
   */
  static byte[] pixels(PixelDecoder decoder, String column, Object value) {
    try {
      return decoder.decode(value).pixels();
    } catch (BadRecord e) {
      throw GradcastException.data(column + ": " + e.getMessage());
    }
  }

  private static boolean isImage(DataType type) {
    return type.equals(SQLDataTypes.VectorType())
        || type instanceof BinaryType
        || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
  }
}
