package io.gradcast.spark.source;

import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * How the rows of a packed data set are laid out.
 *
 * @param groupRows of a row group, but the last of a file
 * @param fileRows of a file at most
 */
record PackedLayout(Shape shape, boolean severalLabels, int classes, int groupRows, int fileRows)
    implements Serializable {

  static final String ID = "id";
  static final String LABEL = "label";
  static final String LABELS = "labels";
  static final String IMAGE = "image";

  /** Of the names of files, by which they are never taken for others, even without a manifest. */
  static final String PREFIX = "gradcast-";

  /** Bytes of a row group, unpacked, that are enough for few seeks and little to hold. */
  private static final long GROUP = 4L << 20;

  /** And of one of little data, which many tasks are to share. */
  private static final long LEAST_GROUP = 64L << 10;

  private static final long LEAST_GROUPS = 128;
  private static final long FILE = 128L << 20;

  /** For so many samples. */
  static PackedLayout of(Source source) {
    long bytes = bytesOfSample(source.shape());
    long even = source.count() * bytes / LEAST_GROUPS;
    long group = Math.max(1, Math.min(GROUP, Math.max(LEAST_GROUP, even)) / bytes);
    long file = group * Math.max(1, FILE / (group * bytes));
    return new PackedLayout(
        source.shape(), source.severalLabels(), source.classes().size(), (int) group, (int) file);
  }

  /** Of the id, a label and the image. */
  static long bytesOfSample(Shape shape) {
    return (long) Long.BYTES + Integer.BYTES + shape.size();
  }

  /** The columns. */
  static MessageType columns(boolean severalLabels) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    message.required(PrimitiveTypeName.INT64).named(ID);
    if (severalLabels) {
      message.requiredList().requiredElement(PrimitiveTypeName.INT32).named(LABELS);
    } else {
      message.required(PrimitiveTypeName.INT32).named(LABEL);
    }
    message.required(PrimitiveTypeName.BINARY).named(IMAGE);
    return message.named("samples");
  }
}
