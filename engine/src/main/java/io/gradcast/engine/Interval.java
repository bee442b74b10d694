package io.gradcast.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stretch of a training, such as "500 iterations" or "1 epoch".
 *
 * @param count from 1
 * @param ofEpochs whether it counts epochs, not iterations
 */
public record Interval(int count, boolean ofEpochs) {

  public static final Interval EPOCH = new Interval(1, true);

  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8}) +(epochs?|iterations?)");

  /**
   * Reads one.
   *
   * @param key the setting it came from, for messages
   */
  public static Interval parse(String key, String text) {
    Matcher matcher = FORM.matcher(text);
    GradcastException.require(
        matcher.matches(), key, "a number of epochs or iterations, such as 1 epoch", text);
    return new Interval(Integer.parseInt(matcher.group(1)), matcher.group(2).startsWith("epoch"));
  }

  /**
   * The same in iterations.
   *
   * @param minibatches of an epoch
   */
  public long iterations(int minibatches) {
    return ofEpochs ? (long) count * minibatches : count;
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return count + (ofEpochs ? " epoch" : " iteration") + (count == 1 ? "" : "s");
  }
}
