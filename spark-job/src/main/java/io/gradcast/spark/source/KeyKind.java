package io.gradcast.spark.source;

import org.apache.hadoop.fs.Path;

/** What the key of a record of a table is. */
public enum KeyKind {
  ID,
  PLACE,
  CONTENT;

  /** A record as a user would look for it, for messages. */
  public String describe(RecordKey key) {
    return switch (this) {
      case ID -> key.text().isEmpty() ? Long.toString(key.first()) : key.text();
      case PLACE ->
          "row %d of %s%s"
              .formatted(
                  key.second(),
                  new Path(key.text()).getName(),
                  key.first() == 0 ? "" : " from byte " + key.first());
      case CONTENT -> "a row";
    };
  }
}
