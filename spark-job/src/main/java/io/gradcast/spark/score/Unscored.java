package io.gradcast.spark.score;

/**
 * An image that is to be scored, or a record that is none.
 *
 * @param carried what goes before its scores in its row
 * @param pixels [channels][height][width], a byte being 0 to 255; null of a bad record
 * @param name of a bad record, as a user would look for it
 * @param problem of a bad record, the end of a sentence; null of a good one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Unscored(Object[] carried, byte[] pixels, String name, String problem) {

  static Unscored good(Object[] carried, byte[] pixels) {
    return new Unscored(carried, pixels, null, null);
  }

  static Unscored bad(String name, String problem) {
    return new Unscored(null, null, name, problem);
  }

  boolean isGood() {
    return problem == null;
  }
}
