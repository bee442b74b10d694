package io.gradcast.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.tensor.GradientSum;
import org.junit.jupiter.api.Test;

class SgdTest {

  /** Eq. (65), with gradients whose sums over 4 samples are 2, -1 and 0. */
  @Test
  void parametersMoveAgainstTheMeanGradient() {
    GradientSum sum = new GradientSum();
    sum.addLosses(new float[4], 4, 1f);
    long[] gradient = sum.gradient(3);
    gradient[0] = 2 * FixedPoint.of(1f);
    gradient[1] = -FixedPoint.of(1f);
    float[] parameters = {1f, 1f, -3f};
    new Sgd(0.5).step(parameters, sum);
    assertArrayEquals(new float[] {1f - 0.5f * 0.5f, 1f + 0.5f * 0.25f, -3f}, parameters);
  }
}
