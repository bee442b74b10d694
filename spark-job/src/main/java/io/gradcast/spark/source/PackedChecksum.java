package io.gradcast.spark.source;

import io.gradcast.engine.data.Samples;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C over what is in a row group: of each row the id in 8 bytes, each number of {@link
 * Samples#labels} in 4, big-endian, and the image.
 */
final class PackedChecksum {

  private final CRC32C crc = new CRC32C();
  private ByteBuffer head = ByteBuffer.allocate(0);

  void add(Samples samples, int row) {
    int labels = samples.labels().length / samples.count();
    int size = Long.BYTES + labels * Integer.BYTES;
    if (head.capacity() != size) {
      head = ByteBuffer.allocate(size);
    }
    head.clear().putLong(samples.ids()[row]);
    for (int i = 0; i < labels; i++) {
      head.putInt(samples.labels()[row * labels + i]);
    }
    crc.update(head.flip());
    crc.update(samples.pixels(), samples.start(row), samples.shape().size());
  }

  /** Of all rows since the last call. */
  int take() {
    int value = (int) crc.getValue();
    crc.reset();
    return value;
  }
}
