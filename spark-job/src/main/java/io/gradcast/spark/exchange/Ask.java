package io.gradcast.spark.exchange;

import io.gradcast.engine.tensor.GradientSum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the resident tasks of one executor say to the driver: sums for the current round, or,
 * without any, that they wait for the next. As bytes, because the class path of Spark's RPC need
 * not have our classes, and because nothing of ours is to be read by Java deserialization.
 *
 * @param job which Spark job the tasks belong to
 * @param round the minibatch whose parameters they have; {@link #NONE} before the first
 * @param parts numbers of the tasks whose sums are in this one; empty where it only asks
 * @param sum of these parts together
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Ask(long job, int round, int[] parts, GradientSum sum) {

  /** Before the first round. */
  static final int NONE = -1;

  /** That of nearly all machines, so that numbers are copied as they are. */
  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  byte[] toBytes() {
    int length = Long.BYTES + (2 + parts.length) * Integer.BYTES;
    byte[] bytes = new byte[length + (parts.length == 0 ? 0 : sum.bytes())];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ORDER);
    out.putLong(job).putInt(round).putInt(parts.length);
    for (int part : parts) {
      out.putInt(part);
    }
    if (parts.length > 0) {
      sum.write(out);
    }
    return bytes;
  }

  /**
   * Reads one.
   *
   * @param sum its memory; changed
   */
  static Ask fromBytes(byte[] bytes, GradientSum sum) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ORDER);
    long job = in.getLong();
    int round = in.getInt();
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / Integer.BYTES) {
      throw new IllegalArgumentException(
          "a message of a resident task: expected %d parts, found %d bytes"
              .formatted(count, in.remaining()));
    }
    int[] parts = new int[count];
    for (int i = 0; i < count; i++) {
      parts[i] = in.getInt();
    }
    sum.clear();
    if (count > 0) {
      sum.add(in);
    }
    return new Ask(job, round, parts, sum);
  }
}
