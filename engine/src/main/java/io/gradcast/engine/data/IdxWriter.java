package io.gradcast.engine.data;

import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes one IDX file of unsigned bytes, as MNIST comes in, item by item: a magic number that ends
 * in the number of dimensions, the dimensions (32-bit, big-endian), the items. The header says how
 * many items follow, so exactly so many must be written.
 */
public final class IdxWriter implements Closeable {

  private final DataOutputStream out;
  private final int count;
  private final int size;
  private int written;

  private IdxWriter(OutputStream out, int magic, int count, int... itemDimensions)
      throws IOException {
    this.out = new DataOutputStream(out);
    this.count = requireOneOrMore(count);
    int product = 1;
    for (int dimension : itemDimensions) {
      product = Math.multiplyExact(product, requireOneOrMore(dimension));
    }
    this.size = product;
    this.out.writeInt(magic);
    this.out.writeInt(count);
    for (int dimension : itemDimensions) {
      this.out.writeInt(dimension);
    }
  }

  private static int requireOneOrMore(int dimension) {
    if (dimension < 1) {
      throw new IllegalArgumentException("IDX dimension: expected 1 or more, found " + dimension);
    }
    return dimension;
  }

  /** Starts a file of {@code count} images of {@code height * width} bytes; writes its header. */
  public static IdxWriter images(OutputStream out, int count, int height, int width)
      throws IOException {
    return new IdxWriter(out, IdxReader.IMAGES_MAGIC, count, height, width);
  }

  /** Starts a file of {@code count} labels of one byte; writes its header. */
  public static IdxWriter labels(OutputStream out, int count) throws IOException {
    return new IdxWriter(out, IdxReader.LABELS_MAGIC, count);
  }

  /** Starts a file of {@code count} sets of labels, a byte of 0 or 1 for each class. */
  public static IdxWriter labelSets(OutputStream out, int count, int classes) throws IOException {
    return new IdxWriter(out, IdxReader.LABEL_SETS_MAGIC, count, classes);
  }

  /** Writes the next image, row by row from the top left, or the next label or set of them. */
  public void write(byte... item) throws IOException {
    if (written == count) {
      throw new IllegalStateException("IDX: expected %d items, found one more".formatted(count));
    }
    if (item.length != size) {
      throw new IllegalArgumentException(
          "IDX item %d: expected %d bytes, found %d".formatted(written, size, item.length));
    }
    out.write(item);
    written++;
  }

  /** Closes the stream, whatever was written; then checks that it was as many as promised. */
  @Override
  public void close() throws IOException {
    out.close();
    if (written < count) {
      throw new IllegalStateException(
          "IDX: expected %d items, found only %d".formatted(count, written));
    }
  }
}
