package io.gradcast.engine.data;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.ZipException;

/**
 * Reads one IDX file of unsigned bytes, as MNIST comes in: a magic number that ends in the number
 * of dimensions, the dimensions (32-bit, big-endian), the items. Every fault is an error that names
 * the file and the offset (in the uncompressed data).
 */
public final class IdxReader implements Closeable {

  /** MNIST's magic numbers: unsigned bytes in three dimensions, and in one. */
  static final int IMAGES_MAGIC = 0x803;

  static final int LABELS_MAGIC = 0x801;

  /** In two: for each sample and class whether it has that label, 1 or 0. */
  static final int LABEL_SETS_MAGIC = 0x802;

  private final InputStream in;
  private final String where;
  private final boolean labelSets;
  private final int count;
  private final Shape shape;
  private long offset;

  private IdxReader(InputStream in, String where, int magic) {
    this.in = in;
    this.where = where;
    int[] header = new int[1 + (magic & 0xff)];
    for (int i = 0; i < header.length; i++) {
      header[i] = ByteBuffer.wrap(read(Integer.BYTES, "the header")).getInt();
      if (i == 0 && header[0] != magic) {
        throw GradcastException.data(
            "%s: expected the magic number 0x%08x of IDX %s at offset 0, found 0x%08x"
                .formatted(where, magic, content(magic), header[0]));
      }
      if (i > 0 && header[i] < 1) {
        throw GradcastException.data(
            "%s: expected a size of 1 or more at offset %d, found %d"
                .formatted(where, Integer.BYTES * i, header[i]));
      }
    }
    labelSets = magic == LABEL_SETS_MAGIC;
    count = header[1];
    try {
      shape =
          switch (magic) {
            case IMAGES_MAGIC -> new Shape(1, header[2], header[3]);
            case LABEL_SETS_MAGIC -> Shape.vector(header[2]);
            default -> Shape.vector(1);
          };
    } catch (IllegalArgumentException e) {
      throw new GradcastException(
          GradcastException.Kind.DATA, where + ": at offset 8: " + e.getMessage(), e);
    }
  }

  private static String content(int magic) {
    return switch (magic) {
      case IMAGES_MAGIC -> "images";
      case LABEL_SETS_MAGIC -> "label sets";
      default -> "labels";
    };
  }

  /** Starts on a file of images; reads its header. */
  public static IdxReader images(InputStream in, String where) {
    return new IdxReader(in, where, IMAGES_MAGIC);
  }

  /** Starts on a file of labels, one a sample; reads its header. */
  public static IdxReader labels(InputStream in, String where) {
    return new IdxReader(in, where, LABELS_MAGIC);
  }

  /** Starts on a file of labels, any number a sample; reads its header. */
  public static IdxReader labelSets(InputStream in, String where) {
    return new IdxReader(in, where, LABEL_SETS_MAGIC);
  }

  /** Items that the header promises. */
  public int count() {
    return count;
  }

  /** The shape of one item; a label's is 1x1x1, that of a set of labels (classes)x1x1. */
  public Shape shape() {
    return shape;
  }

  /** Checks that images and labels go together. */
  public void requireSameCount(IdxReader labels) {
    if (count != labels.count) {
      throw GradcastException.data(
          "%s: expected as many labels as %s has images, %d, found %d"
              .formatted(labels.where, where, count, labels.count));
    }
  }

  /** Passes over some items. */
  public void skipItems(long items) {
    long bytes = items * shape.size();
    try {
      in.skipNBytes(bytes);
      offset += bytes;
    } catch (IOException e) {
      throw unreadable(e, "%d items of %d bytes".formatted(count, shape.size()));
    }
  }

  /** Reads some items. */
  public byte[] readItems(int items) {
    return read(
        Math.multiplyExact(items, shape.size()),
        "%d items of %d bytes".formatted(count, shape.size()));
  }

  private byte[] read(int length, String expected) {
    try {
      byte[] bytes = in.readNBytes(length);
      offset += bytes.length;
      if (bytes.length < length) {
        throw new EOFException();
      }
      return bytes;
    } catch (IOException e) {
      throw unreadable(e, expected);
    }
  }

  /** Checks that the file ends behind its last item. */
  public void requireEnd() {
    try {
      if (in.read() >= 0) {
        throw GradcastException.data(
            "%s: expected the end of the file at offset %d, after its %d items, found more bytes"
                .formatted(where, offset, count));
      }
    } catch (IOException e) {
      throw unreadable(e, "the end of the file");
    }
  }

  private GradcastException unreadable(IOException e, String expected) {
    String found =
        e instanceof EOFException
            ? "the data end"
            : e instanceof ZipException ? "damaged gzip data" : e.toString();
    return new GradcastException(
        GradcastException.Kind.DATA,
        "%s: expected %s, found %s at or after offset %d".formatted(where, expected, found, offset),
        e);
  }

  /**
   * Reads samples {@code first} to {@code first + items - 1} of a pair of files; a sample's id is
   * its place in them. Whoever reads the last one also checks that nothing follows.
   */
  public static Samples read(IdxReader images, IdxReader labels, long first, int items) {
    images.requireSameCount(labels);
    images.skipItems(first);
    labels.skipItems(first);
    byte[] pixels = images.readItems(items);
    int[] classes = labels.readLabels(items);
    if (first + items == images.count) {
      images.requireEnd();
      labels.requireEnd();
    }
    long[] ids = new long[items];
    for (int i = 0; i < items; i++) {
      ids[i] = first + i;
    }
    return new Samples(
        images.shape, ids, pixels, classes, labels.labelSets ? labels.shape.size() : 0);
  }

  private int[] readLabels(int items) {
    long start = offset;
    byte[] bytes = readItems(items);
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xff;
      if (labelSets && values[i] > 1) {
        throw GradcastException.data(
            "%s: expected 0 or 1, whether a sample has a label, at offset %d, found %d"
                .formatted(where, start + i, values[i]));
      }
    }
    return values;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
