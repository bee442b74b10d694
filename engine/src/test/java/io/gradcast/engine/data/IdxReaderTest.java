package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class IdxReaderTest {

  /** Five images of 2 x 3, whose bytes count up. */
  private static byte[] images() {
    ByteBuffer file = ByteBuffer.allocate(16 + 30);
    file.putInt(0x803).putInt(5).putInt(2).putInt(3);
    for (int i = 0; i < 30; i++) {
      file.put((byte) i);
    }
    return file.array();
  }

  private static byte[] labels() {
    return ByteBuffer.allocate(8 + 5)
        .putInt(0x801)
        .putInt(5)
        .put(new byte[] {3, 1, 4, 1, (byte) 200})
        .array();
  }

  private static Samples read(byte[] images, byte[] labels, int first, int items) {
    return IdxReader.read(
        IdxReader.images(new ByteArrayInputStream(images), "images"),
        IdxReader.labels(new ByteArrayInputStream(labels), "labels"),
        first,
        items);
  }

  private static void assertFails(String sentence, Executable reading) {
    GradcastException e = assertThrows(GradcastException.class, reading);
    assertEquals(sentence, e.getMessage());
    assertEquals(Kind.DATA, e.kind());
  }

  @Test
  void readsImagesLabelsAndIds() {
    Samples samples = read(images(), labels(), 0, 5);
    assertEquals(new Shape(1, 2, 3), samples.shape());
    assertEquals(5, samples.count());
    assertEquals(200, samples.label(4));
    assertArrayEquals(new long[] {0, 1, 2, 3, 4}, samples.ids());
    assertArrayEquals(Arrays.copyOfRange(images(), 16, 46), samples.pixels());
  }

  @Test
  void readsARangeAsItStandsInTheWhole() {
    Samples part = read(images(), labels(), 2, 2);
    assertArrayEquals(new long[] {2, 3}, part.ids());
    assertArrayEquals(new int[] {4, 1}, part.labels());
    assertArrayEquals(Arrays.copyOfRange(images(), 28, 40), part.pixels());
  }

  @Test
  void emptyFileNamesOffsetZero() {
    assertFails(
        "images: expected the header, found the data end at or after offset 0",
        () -> read(new byte[0], labels(), 0, 5));
  }

  @Test
  void wrongMagicIsShown() {
    assertFails(
        "images: expected the magic number 0x00000803 of IDX images at offset 0, found 0x00000801",
        () -> read(labels(), labels(), 0, 5));
    assertFails(
        "labels: expected the magic number 0x00000801 of IDX labels at offset 0, found 0x00000803",
        () -> read(images(), images(), 0, 5));
  }

  @Test
  void truncatedHeaderNamesTheOffset() {
    assertFails(
        "images: expected the header, found the data end at or after offset 10",
        () -> read(Arrays.copyOf(images(), 10), labels(), 0, 5));
  }

  @Test
  void truncatedItemsNameTheOffset() {
    assertFails(
        "images: expected 5 items of 6 bytes, found the data end at or after offset 45",
        () -> read(Arrays.copyOf(images(), 45), labels(), 0, 5));
    assertFails(
        "labels: expected 5 items of 1 bytes, found the data end at or after offset 12",
        () -> read(images(), Arrays.copyOf(labels(), 12), 0, 5));
  }

  @Test
  void rangeBehindTheEndOfTruncatedDataIsNoticed() {
    assertFails(
        "images: expected 5 items of 6 bytes, found the data end at or after offset 16",
        () -> read(Arrays.copyOf(images(), 20), labels(), 3, 1));
  }

  @Test
  void trailingBytesNameTheOffset() {
    assertFails(
        "images: expected the end of the file at offset 46, after its 5 items, found more bytes",
        () -> read(Arrays.copyOf(images(), 47), labels(), 0, 5));
    assertFails(
        "labels: expected the end of the file at offset 13, after its 5 items, found more bytes",
        () -> read(images(), Arrays.copyOf(labels(), 14), 4, 1));
  }

  @Test
  void countsThatDifferAreBothShown() {
    byte[] fewer = Arrays.copyOf(labels(), 12);
    fewer[7] = 4;
    assertFails(
        "labels: expected as many labels as images has images, 5, found 4",
        () -> read(images(), fewer, 0, 5));
  }

  @Test
  void sizeOfZeroNamesTheOffset() {
    byte[] file = images();
    file[11] = 0;
    assertFails(
        "images: expected a size of 1 or more at offset 8, found 0",
        () -> read(file, labels(), 0, 5));
  }

  @Test
  void negativeCountIsRefused() {
    byte[] file = images();
    file[4] = (byte) 0x80;
    assertFails(
        "images: expected a size of 1 or more at offset 4, found -2147483643",
        () -> read(file, labels(), 0, 5));
  }

  @Test
  void hugeImagesAreRefusedBeforeMemoryIsTaken() {
    byte[] file = images();
    file[8] = 0x40;
    file[12] = 0x40;
    GradcastException e = assertThrows(GradcastException.class, () -> read(file, labels(), 0, 5));
    assertTrue(e.getMessage().startsWith("images: at offset 8: shape 1x1073741826x"));
  }

  /** A header can promise 2^31 items; what is not there is not allocated. */
  @Test
  void hugeCountsTakeNoMemory() {
    ByteBuffer images = ByteBuffer.wrap(images()).putInt(4, Integer.MAX_VALUE / 6);
    ByteBuffer labels = ByteBuffer.wrap(labels()).putInt(4, Integer.MAX_VALUE / 6);
    assertFails(
        "images: expected 357913941 items of 6 bytes, found the data end at or after offset 46",
        () -> read(images.array(), labels.array(), 0, Integer.MAX_VALUE / 6));
  }

  @Test
  void truncatedGzipIsNoticed() throws IOException {
    byte[] packed = pack(images());
    byte[] cut = Arrays.copyOf(packed, packed.length - 12);
    GradcastException e = assertThrows(GradcastException.class, () -> readPacked(cut));
    assertTrue(e.getMessage().startsWith("images: expected "), e.getMessage());
    assertTrue(e.getMessage().contains("found the data end at or after offset"), e.getMessage());
  }

  @Test
  void damagedGzipIsNoticed() throws IOException {
    byte[] packed = pack(images());
    packed[packed.length - 6] ^= 1; // in the checksum
    assertFails(
        "images: expected the end of the file, found damaged gzip data at or after offset 46",
        () -> readPacked(packed));
  }

  private static byte[] pack(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static Samples readPacked(byte[] images) throws IOException {
    return IdxReader.read(
        IdxReader.images(new GZIPInputStream(new ByteArrayInputStream(images)), "images"),
        IdxReader.labels(new ByteArrayInputStream(labels()), "labels"),
        0,
        5);
  }

  @Test
  void samplesThatDoNotFitANetworkAreRefused() {
    Samples samples = read(images(), labels(), 0, 5);
    assertFails(
        "images: expected images of 1x28x28, as the network takes, found 1x2x3",
        () -> samples.requireFit(new SampleType(new Shape(1, 28, 28), 10, false), "images"));
    assertFails(
        "labels: expected labels from 0 to 9, found 200 at sample 4",
        () -> samples.requireFit(new SampleType(new Shape(1, 2, 3), 10, false), "labels"));
    assertFails(
        "labels: expected several labels a sample, as the network takes, found one label a sample",
        () -> samples.requireFit(new SampleType(new Shape(1, 2, 3), 10, true), "labels"));
    assertFails(
        "labels: expected labels of 4 classes, as the network has outputs, found 3",
        () ->
            readSets(labelSets(0, 1, 1), 0, 5)
                .requireFit(new SampleType(new Shape(1, 2, 3), 4, true), "labels"));
  }

  /** Of five samples and three classes, the last sample as given and the others with none. */
  private static byte[] labelSets(int... last) {
    ByteBuffer file = ByteBuffer.allocate(12 + 15).putInt(0x802).putInt(5).putInt(3);
    for (int i = 0; i < 3; i++) {
      file.put(24 + i, (byte) last[i]);
    }
    return file.array();
  }

  private static Samples readSets(byte[] labels, int first, int items) {
    return IdxReader.read(
        IdxReader.images(new ByteArrayInputStream(images()), "images"),
        IdxReader.labelSets(new ByteArrayInputStream(labels), "labels"),
        first,
        items);
  }

  @Test
  void readsSetsOfLabels() {
    Samples samples = readSets(labelSets(1, 0, 1), 3, 2);
    assertTrue(samples.severalLabels());
    assertEquals(3, samples.labelClasses());
    assertArrayEquals(new int[] {0, 0, 0, 1, 0, 1}, samples.labels());
    assertTrue(samples.has(1, 2) && !samples.has(1, 1) && !samples.has(0, 0));
  }

  @Test
  void labelThatIsNeitherThereNorNotIsShownWithItsOffset() {
    assertFails(
        "labels: expected 0 or 1, whether a sample has a label, at offset 25, found 2",
        () -> readSets(labelSets(1, 2, 1), 3, 2));
    assertFails(
        "labels: expected the magic number 0x00000802 of IDX label sets at offset 0, found"
            + " 0x00000801",
        () -> readSets(labels(), 0, 5));
  }
}
