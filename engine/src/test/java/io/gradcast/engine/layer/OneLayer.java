package io.gradcast.engine.layer;

import static io.gradcast.engine.kernel.Kernels.LANES;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.tensor.GradientSum;
import java.util.Arrays;
import java.util.List;

/** A layer by itself: forward, backward, and slopes by differences. */
abstract class OneLayer {

  /** Of a difference, up and down. */
  static final float STEP = 0x1p-6f;

  static final float LIMIT = 2048f;

  /** Parameters of other layers before and behind this one. */
  static final int BEFORE = 3;

  final Kernels kernels = Kernels.best();

  /**
   * A functional of each lane's output: its sum, weighted by the gradient that is handed to
   * backward.
   */
  final double[] functionals(Layer layer, float[] parameters, float[] in, float[] weights) {
    float[] out = forward(layer, parameters, in);
    double[] sums = new double[LANES];
    for (int i = 0; i < weights.length; i++) {
      sums[i % LANES] += (double) out[i] * weights[i];
    }
    return sums;
  }

  final float[] forward(Layer layer, float[] parameters, float[] in) {
    Buffers at = plan(layer, in, true);
    layer.forward(pass(parameters), BEFORE, at);
    return copy(at.out(), layer.output().size());
  }

  final float[] backward(
      Layer layer, float[] parameters, float[] in, float[] weights, GradientSum sum) {
    Buffers at = plan(layer, in, true);
    Pass pass = pass(parameters);
    pass.sum = sum;
    layer.forward(pass, BEFORE, at);
    new Lanes(weights, 0).copyTo(at.outGradient(), layer.output().size());
    assertTrue(layer.backward(pass, BEFORE, at));
    return copy(at.inGradient(), layer.input().size());
  }

  /** In training, so that what happens there alone is tested too. */
  final Pass pass(float[] parameters) {
    Pass pass = new Pass(kernels);
    pass.parameters = parameters;
    pass.training = true;
    pass.seed = 5;
    pass.epoch = 3;
    Arrays.setAll(pass.ids, lane -> 100 + lane);
    pass.limit = LIMIT;
    return pass;
  }

  /** As a chain of this layer alone plans it. */
  static Buffers plan(Layer layer, float[] in, boolean inGradient) {
    Lanes.Arena arena = new Lanes.Arena();
    Lanes input = arena.take(layer.input().size());
    new Lanes(in, 0).copyTo(input, layer.input().size());
    Lanes gradient = inGradient ? arena.take(layer.input().size()) : null;
    return new Chain(layer.input(), List.of(layer)).plan(arena, input, gradient, false).get(0);
  }

  static float[] copy(Lanes lanes, int elements) {
    float[] copy = new float[elements * LANES];
    lanes.copyTo(new Lanes(copy, 0), elements);
    return copy;
  }

  interface Values {
    double[] get();
  }

  /** Moves some neighbours together. */
  static double[] slopes(float[] at, int from, int count, Values values) {
    float[] middle = Arrays.copyOfRange(at, from, from + count);
    for (int i = 0; i < count; i++) {
      at[from + i] = middle[i] + STEP;
    }
    double[] above = values.get();
    for (int i = 0; i < count; i++) {
      at[from + i] = middle[i] - STEP;
    }
    double[] below = values.get();
    System.arraycopy(middle, 0, at, from, count);
    double[] slopes = new double[LANES];
    Arrays.setAll(slopes, lane -> (above[lane] - below[lane]) / (2 * STEP));
    return slopes;
  }
}
