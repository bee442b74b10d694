package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IdxWriterTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void writesImagesAfterTheirDimensions() throws IOException {
    try (IdxWriter images = IdxWriter.images(out, 2, 3, 1)) {
      images.write(new byte[] {1, 2, 3});
      images.write(new byte[] {4, 5, (byte) 255});
    }
    byte[] expected = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 1, 2, 3, 4, 5, -1};
    assertArrayEquals(expected, out.toByteArray());
  }

  @Test
  void writesLabelsAfterTheirCount() throws IOException {
    try (IdxWriter labels = IdxWriter.labels(out, 258)) {
      for (int i = 0; i < 258; i++) {
        labels.write((byte) (i % 10));
      }
    }
    byte[] file = out.toByteArray();
    assertEquals(8 + 258, file.length);
    assertArrayEquals(new byte[] {0, 0, 8, 1, 0, 0, 1, 2, 0, 1}, Arrays.copyOf(file, 10));
  }

  @Test
  void writesSetsOfLabelsAfterCountAndClasses() throws IOException {
    try (IdxWriter labels = IdxWriter.labelSets(out, 2, 3)) {
      labels.write((byte) 1, (byte) 0, (byte) 1);
      labels.write((byte) 0, (byte) 0, (byte) 0);
    }
    assertArrayEquals(
        new byte[] {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 0, 1, 0, 0, 0}, out.toByteArray());
  }

  @Test
  void refusesMoreItemsThanPromised() throws IOException {
    try (IdxWriter labels = IdxWriter.labels(out, 1)) {
      labels.write((byte) 7);
      Exception e = assertThrows(IllegalStateException.class, () -> labels.write((byte) 8));
      assertEquals("IDX: expected 1 items, found one more", e.getMessage());
    }
    assertEquals(9, out.size());
  }

  @Test
  void refusesToEndEarlyButClosesTheStream() throws IOException {
    boolean[] closed = new boolean[1];
    IdxWriter labels =
        IdxWriter.labels(
            new ByteArrayOutputStream() {
              @Override
              public void close() {
                closed[0] = true;
              }
            },
            3);
    labels.write((byte) 7);
    Exception e = assertThrows(IllegalStateException.class, labels::close);
    assertEquals("IDX: expected 3 items, found only 1", e.getMessage());
    assertTrue(closed[0]);
  }

  @Test
  void refusesItemsOfAnotherSize() throws IOException {
    IdxWriter images = IdxWriter.images(out, 1, 2, 2);
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> images.write(new byte[] {1, 2, 3}));
    assertEquals("IDX item 0: expected 4 bytes, found 3", e.getMessage());
  }

  @Test
  void refusesAnEmptyDimension() {
    assertThrows(IllegalArgumentException.class, () -> IdxWriter.images(out, 1, 0, 2));
    assertThrows(IllegalArgumentException.class, () -> IdxWriter.labels(out, 0));
    assertEquals(0, out.size());
  }
}
