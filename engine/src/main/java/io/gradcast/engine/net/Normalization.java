package io.gradcast.engine.net;

import io.gradcast.engine.GradcastException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * What is done to inputs before the first layer: x = (byte / 255 - mean) / deviation, for each
 * channel.
 *
 * @param mean one a channel
 * @param deviation one a channel, above 0
 */
public record Normalization(List<Float> mean, List<Float> deviation) {

  /** Inputs are bytes divided by 255, and nothing else. */
  public static final Normalization NONE = new Normalization(List.of(), List.of());

  public Normalization {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
  }

  public boolean isNone() {
    return mean.isEmpty();
  }

  /** In digits enough to tell floats apart; Float.toString is not the same on every JDK. */
  public static List<BigDecimal> decimals(List<Float> values) {
    return values.stream().map(it -> new BigDecimal(it).round(new MathContext(9))).toList();
  }

  void requireChannels(int channels) {
    boolean numbers =
        mean.stream().allMatch(Float::isFinite)
            && deviation.stream().allMatch(it -> Float.isFinite(it) && it > 0);
    if (mean.size() != channels || deviation.size() != channels || !numbers) {
      throw GradcastException.usage(
          "normalize: expected a mean and a deviation above 0 for each of %d channels, found %s and %s"
              .formatted(channels, mean, deviation));
    }
  }

  float[] shifts() {
    return floats(mean.size(), mean::get);
  }

  float[] scales() {
    return floats(mean.size(), i -> 1f / deviation.get(i));
  }

  private interface Element {
    float get(int i);
  }

  private static float[] floats(int count, Element element) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = element.get(i);
    }
    return floats;
  }
}
