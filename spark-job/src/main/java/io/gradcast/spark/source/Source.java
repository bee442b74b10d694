package io.gradcast.spark.source;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A data set of labelled images, found good as far as can be told without the pixels of all. Its
 * samples have the ids 0 to count - 1, which depend on neither partitions nor the order of reading.
 */
public interface Source {

  /** Where the images are, for messages. */
  String name();

  /** Where the labels are, for messages. */
  default String labels() {
    return name();
  }

  /** Of one image. */
  Shape shape();

  /** Samples in it. */
  long count();

  /** Whether a sample may have any number of labels; else it has one. */
  boolean severalLabels();

  /** The names of the classes, by their numbers. */
  List<String> classes();

  /** How many samples have each class. */
  long[] samplesPerClass();

  /** Records that were found bad and are left out. */
  default long bad() {
    return 0;
  }

  /** Those, and why. */
  default Iterator<Rejected> rejected() {
    return Collections.emptyIterator();
  }

  /**
   * A record that is left out.
   *
   * @param record as a user would look for it
   * @param problem expected what, found what
   */
  record Rejected(String record, String problem) {}

  /**
   * All samples, in pieces, each of which is read when it is wanted.
   *
   * @param partitions into which they are wanted; there may be more or fewer
   */
  JavaRDD<Samples> read(JavaSparkContext context, int partitions);
}
