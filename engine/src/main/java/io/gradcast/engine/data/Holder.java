package io.gradcast.engine.data;

import io.gradcast.engine.tensor.Shape;
import java.util.Iterator;

/**
 * Labelled images that one thread, or one Spark partition, has: their ids in memory, the rest there
 * or in a file.
 */
public sealed interface Holder permits Samples, FileSamples {

  /** Of one image. */
  Shape shape();

  /** How many classes there are, where samples have several labels; 0 where each has one. */
  int labelClasses();

  /** The stable id of each sample: from it alone follows where it stands in an epoch. */
  long[] ids();

  default int count() {
    return ids().length;
  }

  /** So many samples of the same shape and kind of labels, all zeros. */
  Samples blank(int count);

  /** Copies a sample into others that are like these. */
  void copyTo(int row, Samples others, int otherRow);

  /** All samples in memory, in their order, a part of bounded size at a time. */
  Iterator<Samples> pieces();
}
