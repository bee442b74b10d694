package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.tensor.Shape;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSamplesTest {

  /** Large, so that a file has several pieces. */
  private static final Shape SHAPE = new Shape(3, 101, 211);

  private static final int COUNT = 170;

  @TempDir private Path folder;

  private final Samples all = some(SHAPE, COUNT);

  private static Samples some(Shape shape, int count) {
    Random random = new Random(5);
    byte[] pixels = new byte[count * shape.size()];
    random.nextBytes(pixels);
    return new Samples(
        shape, random.longs(count).toArray(), pixels, random.ints(count, 0, 300).toArray());
  }

  private File file() {
    return folder.resolve("samples").toFile();
  }

  private FileSamples write(Samples... pieces) throws IOException {
    return FileSamples.write(file(), List.of(pieces).iterator());
  }

  private Samples part(int from, int to) {
    Samples part = all.blank(to - from);
    for (int row = from; row < to; row++) {
      all.copyTo(row, part, row - from);
    }
    return part;
  }

  private static void assertSame(Samples expected, Samples found) {
    assertEquals(expected.shape(), found.shape());
    assertArrayEquals(expected.ids(), found.ids());
    assertArrayEquals(expected.labels(), found.labels());
    assertArrayEquals(expected.pixels(), found.pixels());
  }

  private static List<Samples> pieces(Holder holder) {
    List<Samples> pieces = new ArrayList<>();
    holder.pieces().forEachRemaining(pieces::add);
    return pieces;
  }

  @Test
  void samplesAreThoseThatWereWrittenHoweverTheyCame() throws IOException {
    try (FileSamples samples = write(part(0, 1), part(1, 1), part(1, 150), part(150, COUNT))) {
      assertArrayEquals(all.ids(), samples.ids());
      List<Samples> pieces = pieces(samples);
      assertTrue(pieces.size() > 1, "memory is bounded");
      assertSame(all, Samples.concat(pieces));
    }
  }

  @Test
  void eachIsFoundWhereItStands() throws IOException {
    int[] rows = IntStream.range(0, COUNT).map(i -> i * 77 % COUNT).toArray();
    Minibatch expected = new Minibatch();
    expected.add(all, rows, 3, 120);
    Minibatch found = new Minibatch();
    try (FileSamples samples = write(all)) {
      found.add(samples, rows, 3, 50);
      found.add(samples, rows, 50, 120);
    }
    for (int row = 0; row < expected.count(); row++) {
      assertEquals(expected.samples().ids()[row], found.samples().ids()[row]);
      assertEquals(expected.samples().label(row), found.samples().label(row));
      assertArrayEquals(expected.samples().image(row), found.samples().image(row));
    }
    assertEquals(117, found.count());
  }

  @Test
  void thereMayBeNone() throws IOException {
    try (FileSamples none = write();
        FileSamples empty = write(all.blank(0))) {
      assertEquals(0, none.count());
      assertEquals(List.of(), pieces(none));
      assertEquals(0, empty.count());
      assertEquals(List.of(), pieces(empty));
    }
  }

  @Test
  void fileHasNoName() throws IOException {
    try (FileSamples samples = write(all)) {
      assertFalse(file().exists());
      assertSame(all, Samples.concat(pieces(samples)));
    }
  }

  /** As an interrupted channel would; others may read the same file. */
  @Test
  void interruptedThreadReadsAndClosesNothing() throws IOException {
    try (FileSamples samples = write(all)) {
      Samples one = all.blank(1);
      Thread.currentThread().interrupt();
      samples.copyTo(7, one, 0);
      assertTrue(Thread.interrupted());
      samples.copyTo(7, one, 0);
      assertSame(part(7, 8), one);
    }
  }

  @Test
  void closedFileIsAnError() throws IOException {
    FileSamples samples = write(all);
    samples.close();
    Samples one = all.blank(1);
    assertThrows(UncheckedIOException.class, () -> samples.copyTo(0, one, 0));
  }

  @Test
  void failureWhileWritingLeavesNoFile() {
    Iterator<Samples> broken =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Samples next() {
            throw new IllegalStateException("broken");
          }
        };
    assertThrows(IllegalStateException.class, () -> FileSamples.write(file(), broken));
    assertFalse(file().exists());
    assertThrows(
        IOException.class,
        () -> FileSamples.write(new File(file(), "x"), Collections.emptyIterator()));
  }
}
