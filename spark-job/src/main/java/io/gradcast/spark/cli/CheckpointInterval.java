package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often checkpoints are written, such as "500 iterations".
 *
 * @param count from 1
 * @param ofEpochs whether it counts epochs, not iterations
 */
record CheckpointInterval(int count, boolean ofEpochs) {

  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8}) +(epochs?|iterations?)");

  static CheckpointInterval parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw GradcastException.usage(
          "%s: expected a number of epochs or iterations, such as 1 epoch, found %s"
              .formatted(Setting.CHECKPOINT_EVERY.key(), text));
    }
    return new CheckpointInterval(
        Integer.parseInt(matcher.group(1)), matcher.group(2).startsWith("epoch"));
  }

  /**
   * The same in iterations.
   *
   * @param minibatches of an epoch
   */
  long iterations(int minibatches) {
    return ofEpochs ? (long) count * minibatches : count;
  }
}
