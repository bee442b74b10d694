package io.gradcast.spark.source;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.io.Serializable;
import java.util.Comparator;

/**
 * What a record is told by, and by whose order records are numbered: an id, a place in a file, or a
 * hash of its content.
 */
@DefaultSerializer(RecordRegistrator.KeySerializer.class)
public record RecordKey(String text, long first, long second)
    implements Comparable<RecordKey>, Serializable {

  private static final Comparator<RecordKey> ORDER =
      Comparator.comparing(RecordKey::text)
          .thenComparingLong(RecordKey::first)
          .thenComparingLong(RecordKey::second);

  @Override
  public int compareTo(RecordKey other) {
    return ORDER.compare(this, other);
  }
}
