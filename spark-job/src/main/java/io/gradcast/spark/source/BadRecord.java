package io.gradcast.spark.source;

/** A record of a data set that nothing can be learnt from; the message is the end of a sentence. */
public final class BadRecord extends Exception {

  private static final long serialVersionUID = 1;

  public BadRecord(String expected, Object found) {
    super("expected %s, found %s".formatted(expected, found), null, false, false);
  }
}
