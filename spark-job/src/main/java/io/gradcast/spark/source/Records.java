package io.gradcast.spark.source;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** The records of a data set as they are found, in any order. */
public interface Records {

  /** Where they are, for messages. */
  String name();

  /** A record as a user would look for it, for messages. */
  String describe(RecordKey key);

  /** Whether a record may have any number of labels; else it has one. */
  boolean severalLabels();

  /** Whether keys are ids that a user gave, which must be different. */
  boolean hasIds();

  /** Files that cannot be read, of those that have many records. */
  default List<Source.Rejected> rejectedFiles() {
    return List.of();
  }

  /** Classes that are said to be there, whether or not a record is of them. */
  default Set<String> declaredClasses() {
    return Set.of();
  }

  /** Which of so many parts each key belongs to. The parts are in order, and about as large. */
  KeyRanges ranges(JavaSparkContext context, int parts);

  /** Reads and decodes all, each of which is there by a key of its own, the bad ones as well. */
  JavaPairRDD<RecordKey, ImageRecord> read(JavaSparkContext context, Decoding decoding);

  /** Does some work on them, whose failures become sentences about the data. */
  <T> T attempt(Supplier<T> work);
}
