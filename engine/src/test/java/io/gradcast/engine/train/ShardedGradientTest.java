package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gradcast.engine.data.Digits;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.tensor.GradientSum;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardedGradientTest {

  private static final int COUNT = 700;

  private final Network network = new Network(NetworkSpec.named("zhang"));
  private final float[] parameters = network.initialParameters(1);
  private final Samples samples = Digits.first(COUNT);

  private Samples part(int from, int to) {
    int size = samples.shape().size();
    return new Samples(
        samples.shape(),
        Arrays.copyOfRange(samples.ids(), from, to),
        Arrays.copyOfRange(samples.pixels(), from * size, to * size),
        Arrays.copyOfRange(samples.labels(), from, to));
  }

  private final Recipe recipe = new Recipe(1, COUNT);

  private static int[] rows(int count) {
    return IntStream.range(0, count).toArray();
  }

  /** Holders of few, many, one and no samples, for two minibatches with the same memory. */
  @Test
  void sumIsThatOfAllSamplesInOnePlace() {
    int[] starts = {0, 3, 3, 103, 403, 404, 654, 690, COUNT};
    GradientSum expected = new GradientSum();
    try (NetworkGang gang = new NetworkGang(network, 2)) {
      gang.gradient(samples, rows(COUNT), 0, COUNT, parameters, recipe, 0, expected);
      ShardedGradient sharded = new ShardedGradient(gang, recipe);
      for (int repetition = 0; repetition < 2; repetition++) {
        GradientSum sum = new GradientSum();
        sharded.begin(0, parameters, sum);
        for (int i = 1; i < starts.length; i++) {
          Samples holder = part(starts[i - 1], starts[i]);
          sharded.add(holder, rows(holder.count()), 0, holder.count());
        }
        sharded.end();
        assertArrayEquals(expected.gradient(3898), sum.gradient(3898));
        assertEquals(expected.loss(), sum.loss());
        assertEquals(COUNT, sum.samples());
      }
    }
  }
}
