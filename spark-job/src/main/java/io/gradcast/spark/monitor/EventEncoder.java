package io.gradcast.spark.monitor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * TensorBoard's events as bytes: the few fields that scalars need of {@code event.proto}, {@code
 * summary.proto}, in records with checksums as {@code record_writer.h} of TensorFlow has them.
 */
final class EventEncoder {

  // Fields and wire types of Event, its Summary, that one's Value, and of SessionLog.
  private static final int WALL_TIME = field(1, 1);
  private static final int STEP = field(2, 0);
  private static final int FILE_VERSION = field(3, 2);
  private static final int SUMMARY = field(5, 2);
  private static final int SESSION_LOG = field(7, 2);
  private static final int VALUE = field(1, 2);
  private static final int TAG = field(1, 2);
  private static final int SIMPLE_VALUE = field(2, 5);
  private static final int STATUS = field(1, 0);
  private static final int STATUS_START = 1;

  private static final int MASK_DELTA = 0xa282ead8;

  private EventEncoder() {}

  private static int field(int number, int wireType) {
    return number << 3 | wireType;
  }

  /** The first record of every file. */
  static void version(OutputStream out, double wallTime) throws IOException {
    record(out, wallTime, 0, FILE_VERSION, utf8("brain.Event:2"));
  }

  /** What was written for this step and later ones, in this folder so far, is void. */
  static void start(OutputStream out, double wallTime, long step) throws IOException {
    record(out, wallTime, step, SESSION_LOG, new byte[] {(byte) STATUS, STATUS_START});
  }

  /** One point of a curve. */
  static void scalar(OutputStream out, double wallTime, long step, String tag, float value)
      throws IOException {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    bytes(inner, TAG, utf8(tag));
    inner.write(SIMPLE_VALUE);
    inner.writeBytes(littleEndian(Float.BYTES).putFloat(value).array());
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    bytes(summary, VALUE, inner.toByteArray());
    record(out, wallTime, step, SUMMARY, summary.toByteArray());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void record(OutputStream out, double wallTime, long step, int what, byte[] content)
      throws IOException {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    event.write(WALL_TIME);
    event.writeBytes(littleEndian(Double.BYTES).putDouble(wallTime).array());
    if (step != 0) { // protobuf leaves out what is zero
      event.write(STEP);
      varint(event, step);
    }
    bytes(event, what, content);
    byte[] length = littleEndian(Long.BYTES).putLong(event.size()).array();
    out.write(length);
    out.write(maskedChecksum(length));
    out.write(event.toByteArray());
    out.write(maskedChecksum(event.toByteArray()));
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] content) {
    out.write(field);
    varint(out, content.length);
    out.writeBytes(content);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7f) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static byte[] maskedChecksum(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    return littleEndian(Integer.BYTES).putInt(masked).array();
  }
}
