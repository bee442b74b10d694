package io.gradcast.engine.data;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Labelled images packed as bytes: what one thread, or one Spark partition, holds at rest.
 *
 * @param shape of one image
 * @param ids the stable id of each sample: from it alone follows where it stands in an epoch
 * @param pixels [ids.length][channels][height][width], a byte being 0 to 255
 * @param labels class of each sample; where samples have several labels [ids.length][labelClasses],
 *     1 for a class that a sample has, else 0
 * @param labelClasses how many classes there are, where samples have several labels; 0 where each
 *     has one
 */
@SuppressWarnings("ArrayRecordComponent") // packed on purpose; never compared
public record Samples(Shape shape, long[] ids, byte[] pixels, int[] labels, int labelClasses)
    implements Holder, Serializable {

  public Samples {
    if (labels.length != (long) ids.length * Math.max(1, labelClasses)
        || pixels.length != (long) ids.length * shape.size()) {
      throw new IllegalArgumentException(
          "%d ids, %d labels of %d classes and %d bytes of %s images do not go together"
              .formatted(ids.length, labels.length, labelClasses, pixels.length, shape));
    }
  }

  /** Samples that have one label each. */
  public Samples(Shape shape, long[] ids, byte[] pixels, int[] labels) {
    this(shape, ids, pixels, labels, 0);
  }

  /** All of some samples of one shape and kind of labels, in their order. */
  public static Samples concat(List<Samples> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int count = 0;
    for (Samples part : parts) {
      count = Math.addExact(count, part.count());
    }
    Samples all = parts.get(0).blank(count);
    int row = 0;
    for (Samples part : parts) {
      all.copy(part, 0, row, part.count());
      row += part.count();
    }
    return all;
  }

  @Override
  public Samples blank(int count) {
    return new Samples(
        shape,
        new long[count],
        new byte[Math.multiplyExact(count, shape.size())],
        new int[Math.multiplyExact(count, labelSize())],
        labelClasses);
  }

  /** Whether others have the same shape and kind of labels. */
  boolean isLike(Holder other) {
    return shape.equals(other.shape()) && labelClasses == other.labelClasses();
  }

  /** Copies samples of others that are like these. */
  void copy(Samples from, int fromRow, int toRow, int rows) {
    System.arraycopy(from.ids, fromRow, ids, toRow, rows);
    System.arraycopy(from.pixels, start(fromRow), pixels, start(toRow), start(rows));
    int size = labelSize();
    System.arraycopy(from.labels, fromRow * size, labels, toRow * size, rows * size);
  }

  @Override
  public void copyTo(int row, Samples others, int otherRow) {
    others.copy(this, row, otherRow, 1);
  }

  @Override
  public Iterator<Samples> pieces() {
    return List.of(this).iterator();
  }

  @Override
  public int count() {
    return ids.length;
  }

  /** Whether a sample may have any number of labels; else it has one. */
  public boolean severalLabels() {
    return labelClasses > 0;
  }

  /** Integers that the labels of a sample take. */
  int labelSize() {
    return Math.max(1, labelClasses);
  }

  /** The class of a sample that has one label. */
  public int label(int row) {
    return labels[row];
  }

  /** Whether a sample is of a class. */
  public boolean has(int row, int index) {
    return severalLabels() ? labels[row * labelClasses + index] != 0 : labels[row] == index;
  }

  /** Where the image of a sample starts in the pixels. */
  public int start(int row) {
    return row * shape.size();
  }

  /** A copy of one sample's image. */
  public byte[] image(int row) {
    return Arrays.copyOfRange(pixels, start(row), start(row + 1));
  }

  /** Checks that the images and labels are such as a network can take. */
  public void requireFit(SampleType type, String where) {
    if (!shape.equals(type.shape())) {
      throw GradcastException.data(
          "%s: expected images of %s, as the network takes, found %s"
              .formatted(where, type.shape(), shape));
    }
    if (severalLabels() != type.severalLabels()) {
      throw GradcastException.data(
          "%s: expected %s, as the network takes, found %s"
              .formatted(where, kind(type.severalLabels()), kind(severalLabels())));
    }
    if (severalLabels()) {
      requireClasses(type.classes(), where);
    } else {
      requireBelow(type.classes(), where);
    }
  }

  private static String kind(boolean several) {
    return several ? "several labels a sample" : "one label a sample";
  }

  private void requireClasses(int classes, String where) {
    if (labelClasses != classes) {
      throw GradcastException.data(
          "%s: expected labels of %d classes, as the network has outputs, found %d"
              .formatted(where, classes, labelClasses));
    }
  }

  private void requireBelow(int classes, String where) {
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= classes) {
        throw GradcastException.data(
            "%s: expected labels from 0 to %d, found %d at sample %d"
                .formatted(where, classes - 1, labels[row], ids[row]));
      }
    }
  }
}
