package io.gradcast.spark.ml;

import org.apache.spark.ml.util.Identifiable$;

/**
 * The name of an estimator or a model. Constructors of Spark's classes ask for it before ours have
 * begun, to write it into their params, so it waits for them here.
 */
final class Uid {

  private static final ThreadLocal<Uid> ANNOUNCED = new ThreadLocal<>();

  private final String text;

  private Uid(String text) {
    this.text = text;
  }

  /** Announces a name, for the constructor that is called with it. */
  static Uid of(String text) {
    Uid uid = new Uid(text);
    ANNOUNCED.set(uid);
    return uid;
  }

  /** Announces a new name. */
  static Uid random(String prefix) {
    return of(Identifiable$.MODULE$.randomUID(prefix));
  }

  /** The name of what is being made in this thread. */
  static String announced() {
    return ANNOUNCED.get().text;
  }

  /** The name, which is no longer announced. */
  String take() {
    ANNOUNCED.remove();
    return text;
  }
}
