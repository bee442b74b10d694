package io.gradcast.spark.source;

import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * A Parquet file of a packed data set, as its manifest has it.
 *
 * @param name in the folder
 * @param bytes that it has
 * @param rows of each row group
 * @param checksums of what is in each row group, by {@link PackedChecksum}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record PackedFile(String name, long bytes, int[] rows, int[] checksums)
    implements Serializable {

  /** Rows of all row groups. */
  long count() {
    return IntStream.of(rows).asLongStream().sum();
  }
}
