package io.gradcast.engine.data;

import io.gradcast.engine.tensor.Shape;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Samples whose images and labels are in a file, each read where it stands when it is wanted; what
 * there is memory for, the operating system keeps. The file has no name from the moment it is made:
 * nobody else can come upon it, and its room is free again as soon as this is closed, is garbage,
 * or its process is gone, however it ended.
 */
public final class FileSamples implements Holder, Closeable {

  private static final int PIECE_BYTES = 1 << 22;

  private static final Samples NONE =
      new Samples(new Shape(1, 1, 1), new long[0], new byte[0], new int[0]);

  /**
   * Not a channel: that would close when a thread is interrupted, such as that of a killed task.
   */
  private final RandomAccessFile file;

  /** Of no samples, but their shape and kind of labels. */
  private Samples kind = NONE;

  private long[] ids = {};

  /** One sample as it is in the file: its image, then its labels. */
  private byte[] oneBytes = {};

  private ByteBuffer one = ByteBuffer.wrap(oneBytes);

  private FileSamples(RandomAccessFile file) {
    this.file = file;
  }

  /**
   * Writes samples, of which it has one piece at a time in memory.
   *
   * @param file to be made, on a system where files that are open can be deleted
   * @param pieces of one shape and kind of labels
   */
  public static FileSamples write(File file, Iterator<Samples> pieces) throws IOException {
    RandomAccessFile open = new RandomAccessFile(file, "rw");
    try {
      Files.delete(file.toPath());
      FileSamples samples = new FileSamples(open);
      samples.write(pieces);
      return samples;
    } catch (Throwable e) {
      open.close();
      throw e;
    }
  }

  private void write(Iterator<Samples> pieces) throws IOException {
    int count = 0;
    ByteBuffer several = ByteBuffer.allocate(0);
    while (pieces.hasNext()) {
      Samples piece = pieces.next();
      if (count == 0) {
        kind = piece.blank(0);
        int labelBytes = piece.labelSize() * Integer.BYTES;
        oneBytes = new byte[Math.addExact(piece.shape().size(), labelBytes)];
        one = ByteBuffer.wrap(oneBytes);
        several = ByteBuffer.allocate(rowsOfPiece() * oneBytes.length);
      }
      ids = count + piece.count() > ids.length ? grown(count + piece.count()) : ids;
      System.arraycopy(piece.ids(), 0, ids, count, piece.count());
      count += piece.count();
      for (int row = 0; row < piece.count(); row++) {
        several.put(piece.pixels(), piece.start(row), piece.shape().size());
        for (int i = 0; i < piece.labelSize(); i++) {
          several.putInt(piece.labels()[row * piece.labelSize() + i]);
        }
        if (!several.hasRemaining() || row + 1 == piece.count()) {
          file.write(several.array(), 0, several.position());
          several.clear();
        }
      }
    }
    ids = Arrays.copyOf(ids, count);
  }

  private long[] grown(int needed) {
    return Arrays.copyOf(ids, Math.max(needed, 2 * ids.length));
  }

  private int rowsOfPiece() {
    return Math.max(1, PIECE_BYTES / oneBytes.length);
  }

  @Override
  public Shape shape() {
    return kind.shape();
  }

  @Override
  public int labelClasses() {
    return kind.labelClasses();
  }

  @Override
  public long[] ids() {
    return ids;
  }

  @Override
  public Samples blank(int count) {
    return kind.blank(count);
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException if the file cannot be read, or was closed
   */
  @Override
  public void copyTo(int row, Samples others, int otherRow) {
    synchronized (file) {
      read(row, oneBytes);
      take(one.clear(), row, others, otherRow);
    }
  }

  /** Reads as many samples as there is room for. */
  private void read(int firstRow, byte[] records) {
    try {
      file.seek((long) firstRow * oneBytes.length);
      file.readFully(records);
    } catch (IOException e) {
      throw new UncheckedIOException("data on the disk of this executor: " + e.getMessage(), e);
    }
  }

  private void take(ByteBuffer records, int row, Samples others, int otherRow) {
    records.get(others.pixels(), others.start(otherRow), others.shape().size());
    for (int i = 0; i < others.labelSize(); i++) {
      others.labels()[otherRow * others.labelSize() + i] = records.getInt();
    }
    others.ids()[otherRow] = ids[row];
  }

  @Override
  public Iterator<Samples> pieces() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < count();
      }

      @Override
      public Samples next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Samples piece = blank(Math.min(rowsOfPiece(), count() - next));
        byte[] records = new byte[piece.count() * oneBytes.length];
        synchronized (file) {
          read(next, records);
        }
        ByteBuffer in = ByteBuffer.wrap(records);
        for (int i = 0; i < piece.count(); i++) {
          take(in, next++, piece, i);
        }
        return piece;
      }
    };
  }

  /** Frees the room on the disk. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
