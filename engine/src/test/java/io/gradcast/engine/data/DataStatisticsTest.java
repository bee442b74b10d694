package io.gradcast.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.tensor.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DataStatisticsTest {

  private static final Shape SHAPE = new Shape(3, 5, 7);
  private static final int PLANE = 35;
  private static final int COUNT = 40;

  private final Samples samples =
      new Samples(
          SHAPE,
          LongStream.range(0, COUNT).toArray(),
          new byte[COUNT * SHAPE.size()],
          IntStream.range(0, COUNT).map(i -> i % 7 % 3).toArray());

  DataStatisticsTest() {
    new Random(3).nextBytes(samples.pixels());
  }

  private static DataStatistics of(Samples samples) {
    DataStatistics statistics = new DataStatistics(samples.shape().channels(), 4);
    statistics.add(samples);
    return statistics;
  }

  private Samples part(int from, int to) {
    return new Samples(
        SHAPE,
        Arrays.copyOfRange(samples.ids(), from, to),
        Arrays.copyOfRange(samples.pixels(), from * SHAPE.size(), to * SHAPE.size()),
        Arrays.copyOfRange(samples.labels(), from, to));
  }

  private double[] channel(int channel) {
    return IntStream.range(0, COUNT * PLANE)
        .map(i -> i / PLANE * SHAPE.size() + channel * PLANE + i % PLANE)
        .mapToDouble(i -> (samples.pixels()[i] & 0xff) / 255.0)
        .toArray();
  }

  @Test
  void meanAndDeviationAreThoseOfEachChannelsPixels() {
    // So that the channels differ.
    for (int i = 0; i < samples.pixels().length; i++) {
      if (i / PLANE % 3 == 1) {
        samples.pixels()[i] = (byte) (200 + (samples.pixels()[i] & 15));
      }
    }
    DataStatistics statistics = of(samples);
    for (int channel = 0; channel < 3; channel++) {
      double[] pixels = channel(channel);
      double mean = Arrays.stream(pixels).average().orElseThrow();
      double variance = Arrays.stream(pixels).map(x -> (x - mean) * (x - mean)).sum();
      assertEquals(mean, statistics.means()[channel], 1e-7);
      double deviation = Math.sqrt(variance / pixels.length);
      assertEquals(deviation, statistics.deviations()[channel], 1e-7);
    }
  }

  @Test
  void samplesOfEachClassAreCounted() {
    assertArrayEquals(new long[] {17, 12, 11, 0}, of(samples).samples());
  }

  @Test
  void everyLabelOfASampleIsCounted() {
    Samples sets =
        new Samples(
            new Shape(3, 1, 1), new long[2], new byte[6], new int[] {1, 0, 1, 1, 0, 0, 0, 1}, 4);
    assertArrayEquals(new long[] {1, 0, 1, 2}, of(sets).samples());
  }

  @Test
  void partsAddUpToTheSameInAnyOrder() {
    DataStatistics whole = of(samples);
    DataStatistics sum = new DataStatistics(3, 4);
    for (int[] range : new int[][] {{31, 40}, {0, 1}, {1, 31}}) {
      sum.add(of(part(range[0], range[1])));
    }
    assertArrayEquals(whole.means(), sum.means());
    assertArrayEquals(whole.deviations(), sum.deviations());
    assertArrayEquals(whole.samples(), sum.samples());
  }

  @Test
  void constantChannelHasDeviationOne() {
    Arrays.fill(samples.pixels(), (byte) 51);
    assertArrayEquals(new float[] {0.2f, 0.2f, 0.2f}, of(samples).means());
    assertArrayEquals(new float[] {1, 1, 1}, of(samples).deviations());
  }

  /** Summing squares of floats, or dividing before subtracting, would lose it. */
  @Test
  void oneDifferentPixelInABrightChannelIsNotLost() {
    Shape large = new Shape(1, 4096, 4096);
    byte[] pixels = new byte[large.size()];
    Arrays.fill(pixels, (byte) 255);
    pixels[0] = (byte) 254;
    DataStatistics statistics = of(new Samples(large, new long[1], pixels, new int[1]));
    double share = 1.0 / large.size();
    double deviation = Math.sqrt(share * (1 - share)) / 255;
    assertEquals((float) deviation, statistics.deviations()[0]);
  }
}
