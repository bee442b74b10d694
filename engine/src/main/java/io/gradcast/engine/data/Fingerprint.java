package io.gradcast.engine.data;

import io.gradcast.engine.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Tells data sets apart: 128 bits that depend on every id, label and pixel, and on no order or
 * grouping. Each sample is hashed by SHA-256; the first two words of all hashes are added up.
 *
 * @param high first 64 bits
 * @param low last 64 bits
 */
public record Fingerprint(long high, long low) {

  /** Of no samples. */
  public static final Fingerprint EMPTY = new Fingerprint(0, 0);

  /** Of some samples. */
  public static Fingerprint of(Samples samples) {
    MessageDigest sha256 = Sha256.digest();
    int classes = samples.labelClasses();
    ByteBuffer head = ByteBuffer.allocate(Long.BYTES + (4 + classes) * Integer.BYTES);
    long high = 0;
    long low = 0;
    for (int row = 0; row < samples.count(); row++) {
      head.clear();
      head.putLong(samples.ids()[row]);
      if (samples.severalLabels()) {
        // No class has a number below 0, so this is not taken for one.
        head.putInt(-classes);
        for (int i = 0; i < classes; i++) {
          head.putInt(samples.has(row, i) ? 1 : 0);
        }
      } else {
        head.putInt(samples.label(row));
      }
      head.putInt(samples.shape().channels());
      head.putInt(samples.shape().height());
      head.putInt(samples.shape().width());
      sha256.update(head.flip());
      sha256.update(samples.pixels(), samples.start(row), samples.shape().size());
      ByteBuffer hash = ByteBuffer.wrap(sha256.digest());
      high += hash.getLong();
      low += hash.getLong();
    }
    return new Fingerprint(high, low);
  }

  /** Of both together. Associative and commutative. */
  public Fingerprint plus(Fingerprint other) {
    return new Fingerprint(high + other.high, low + other.low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return "%016x%016x".formatted(high, low);
  }
}
