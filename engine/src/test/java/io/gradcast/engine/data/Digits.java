package io.gradcast.engine.data;

import io.gradcast.engine.data.SyntheticDigits.Split;
import io.gradcast.engine.tensor.Shape;
import java.util.stream.IntStream;

/** Synthetic digits as samples, for tests. */
public final class Digits {

  private Digits() {}

  /** The first ones of the training split of seed 1, with ids from 0. */
  public static Samples first(int count) {
    SyntheticDigits digits = new SyntheticDigits(1, Split.TRAIN);
    byte[] pixels = new byte[count * SyntheticDigits.PIXELS];
    byte[] image = new byte[SyntheticDigits.PIXELS];
    for (int i = 0; i < count; i++) {
      digits.image(i, image);
      System.arraycopy(image, 0, pixels, i * image.length, image.length);
    }
    return new Samples(
        new Shape(1, 28, 28),
        IntStream.range(0, count).asLongStream().toArray(),
        pixels,
        IntStream.range(0, count).map(digits::label).toArray());
  }
}
