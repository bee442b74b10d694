package io.gradcast.spark.ml;

import io.gradcast.engine.GradcastException;
import java.io.Serializable;
import java.util.function.Consumer;
import scala.runtime.AbstractFunction1;

/**
 * Checks the value of a param when it is set, by giving it to what will use it: that throws the
 * sentence, which Spark's own would lack, of what was expected.
 *
 * @param <T> type of the value
 */
final class Check<T> extends AbstractFunction1<T, Object> implements Serializable {

  private static final long serialVersionUID = 1;

  private final User<T> user;

  private Check(User<T> user) {
    this.user = user;
  }

  /** What takes a value, or throws. */
  interface User<T> extends Consumer<T>, Serializable {}

  static <T> Check<T> by(User<T> user) {
    return new Check<>(user);
  }

  /** A check of a number, which Scala's params have as objects for Java. */
  static <T extends Number> Check<Object> ofNumber(Class<T> type, User<T> user) {
    return new Check<>(value -> user.accept(type.cast(value)));
  }

  @Override
  public Object apply(T value) {
    user.accept(value);
    return true;
  }

  /** Throws the sentence for the user that an exception of Spark was caused by, if there is one. */
  static void throwSentence(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof GradcastException known) {
        throw known;
      }
    }
  }
}
