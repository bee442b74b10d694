package io.gradcast.spark.exchange;

import java.nio.ByteBuffer;

/**
 * What the driver says to the resident tasks of one executor; as bytes for the same reasons as
 * {@link Ask}.
 *
 * @param round the current one; {@link #OVER} where there is nothing more to do for their job
 * @param parameters of the current round, where it is another than the one they had; else empty
 * @param known parts of theirs whose sums the driver had already: then it took none of the others
 *     either, and wants these again without
 * @param waitNanos when to ask again, where they are to wait
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Answer(int round, float[] parameters, int[] known, long waitNanos) {

  /** The round behind the last. */
  static final int OVER = Integer.MAX_VALUE;

  private static final float[] NO_PARAMETERS = {};
  private static final int[] NONE_KNOWN = {};

  static Answer over() {
    return new Answer(OVER, NO_PARAMETERS, NONE_KNOWN, 0);
  }

  static Answer begin(int round, float[] parameters) {
    return new Answer(round, parameters, NONE_KNOWN, 0);
  }

  static Answer hold(int round, long waitNanos) {
    return new Answer(round, NO_PARAMETERS, NONE_KNOWN, waitNanos);
  }

  static Answer without(int round, int[] known) {
    return new Answer(round, NO_PARAMETERS, known, 0);
  }

  byte[] toBytes() {
    int integers = 3 + known.length + parameters.length;
    byte[] bytes = new byte[Long.BYTES + integers * Integer.BYTES];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(Ask.ORDER);
    out.putInt(round).putLong(waitNanos).putInt(known.length);
    for (int part : known) {
      out.putInt(part);
    }
    out.putInt(parameters.length);
    out.asFloatBuffer().put(parameters);
    return bytes;
  }

  static Answer fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(Ask.ORDER);
    int round = in.getInt();
    long waitNanos = in.getLong();
    int[] known = new int[count(in)];
    for (int i = 0; i < known.length; i++) {
      known[i] = in.getInt();
    }
    float[] parameters = new float[count(in)];
    in.asFloatBuffer().get(parameters);
    return new Answer(round, parameters, known, waitNanos);
  }

  private static int count(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / Integer.BYTES) {
      throw new IllegalArgumentException(
          "a message to a resident task: expected %d elements, found %d bytes"
              .formatted(count, in.remaining()));
    }
    return count;
  }
}
