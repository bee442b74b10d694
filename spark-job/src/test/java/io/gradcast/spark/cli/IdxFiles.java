package io.gradcast.spark.cli;

import io.gradcast.engine.data.IdxWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Folders of small IDX files: no digits, but all that a reader looks at. */
final class IdxFiles {

  static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

  private IdxFiles() {}

  /** Writes the four files, plain; labels are 0 to 9 over and over. */
  static Path write(Path folder, int train, int test, int side) throws IOException {
    Files.createDirectories(folder);
    write(folder.resolve(TRAIN_IMAGES), folder.resolve(TRAIN_LABELS), train, side);
    write(folder.resolve(TEST_IMAGES), folder.resolve(TEST_LABELS), test, side);
    return folder;
  }

  private static void write(Path imageFile, Path labelFile, int count, int side)
      throws IOException {
    byte[] image = new byte[side * side];
    try (IdxWriter images = IdxWriter.images(Files.newOutputStream(imageFile), count, side, side);
        IdxWriter labels = IdxWriter.labels(Files.newOutputStream(labelFile), count)) {
      for (int i = 0; i < count; i++) {
        for (int p = 0; p < image.length; p++) {
          image[p] = (byte) (i * 37 + p * p);
        }
        images.write(image);
        labels.write((byte) (i % 10));
      }
    }
  }

  /** Replaces a file by itself and more bytes. */
  static void append(Path file, byte... more) throws IOException {
    Files.write(file, more, StandardOpenOption.APPEND);
  }

  /** Sets one byte. */
  static void set(Path file, int offset, int value) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] = (byte) value;
    Files.write(file, bytes);
  }

  /** Keeps the first bytes alone. */
  static void truncate(Path file, int length) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
  }

  /** Replaces a file by its packed form. */
  static Path pack(Path file) throws IOException {
    Path packed = file.resolveSibling(file.getFileName() + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }
    Files.delete(file);
    return packed;
  }

  /** What is in a packed file. */
  static byte[] unpacked(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }
}
