package io.gradcast.engine.layer;

import static io.gradcast.engine.kernel.Kernels.LANES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.kernel.Padding;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every layer must do. A new layer adds a line to {@link #layers}. */
class LayerContractTest extends OneLayer {

  /**
   * Central differences in float32: values are near 1, so an output is off by about 1e-7, and a
   * difference over 2 * STEP by about 1e-5 a term of the functional; the outputs that one input
   * reaches are a few dozen. The curvature of the sigmoid adds STEP^2 / 6.
   */
  private static final double BOUND = 5e-4;

  private final Random random = new Random(23);

  /** Odd sizes, which fit no tile. */
  static Stream<Layer> layers() {
    return Stream.of(
        new Convolution("conv", new Shape(2, 7, 5), 3, 3, 3, 1, Padding.of(0, 0), 1),
        new Convolution("conv of one tap", new Shape(3, 2, 3), 5, 1, 1, 1, Padding.of(0, 0), 1),
        new Convolution("conv of everything", new Shape(1, 4, 4), 2, 4, 4, 1, Padding.of(0, 0), 1),
        new Convolution("conv in steps", new Shape(2, 8, 5), 3, 2, 3, 2, Padding.of(0, 0), 1),
        new Convolution(
            "conv of the same size", new Shape(2, 5, 3), 2, 3, 3, 1, Padding.of(1, 1), 1),
        new Convolution(
            "conv that leaves some out", new Shape(1, 7, 8), 2, 2, 2, 3, Padding.of(1, 1), 1),
        new Convolution("conv in groups", new Shape(4, 5, 6), 6, 3, 2, 1, Padding.NONE, 2),
        Convolution.same("depthwise conv", new Shape(3, 5, 7), 3, 3, 3, 1, 3),
        Convolution.same("conv of an even kernel", new Shape(2, 5, 6), 3, 2, 4, 2, 1),
        new MeanPooling("pool", new Shape(3, 9, 6), 3, 3),
        new MeanPooling("pool of nothing", new Shape(2, 3, 5), 1, 1),
        new MeanPooling("pool that overlaps", new Shape(2, 7, 6), 3, 2),
        new MaxPooling("max pool", new Shape(3, 5, 7), 2, 2),
        new MaxPooling("max pool that overlaps", new Shape(2, 7, 5), 3, 1),
        new MaxPooling("max pool that leaves some out", new Shape(2, 7, 5), 2, 3),
        new GlobalMeanPooling("global pool", new Shape(3, 7, 5)),
        new Flatten("flatten", new Shape(3, 2, 5)),
        new Dense("dense", new Shape(2, 3, 3), 7),
        new Dense("dense to one", new Shape(5, 1, 1), 1),
        new Sigmoid("sigmoid", new Shape(2, 3, 5)),
        new Tanh("tanh", new Shape(2, 3, 5)),
        new Relu("relu", new Shape(2, 3, 5), 0f),
        new Relu("leaky relu", new Shape(2, 3, 5), 0.125f),
        new Gelu("gelu", new Shape(2, 3, 5)),
        new Silu("silu", new Shape(2, 3, 5)),
        new Softmax("softmax", Shape.vector(7)),
        new Dropout("dropout", new Shape(2, 3, 3), 0.3, 4),
        new LayerNorm("layer norm", new Shape(2, 3, 5)),
        new GroupNorm("group norm", new Shape(6, 2, 3), 2),
        new GroupNorm("group norm of a vector", Shape.vector(26), 2),
        residual("residual", new Shape(2, 3, 3), List.of()),
        residual(
            "residual with a shortcut",
            new Shape(2, 3, 3),
            List.of(new Convolution("s", new Shape(2, 3, 3), 2, 1, 1, 1, Padding.of(0, 0), 1))));
  }

  private static Layer residual(String name, Shape input, List<Layer> shortcut) {
    List<Layer> body =
        List.of(
            new Tanh("a", input),
            new Convolution("b", input, 3, 3, 3, 1, Padding.of(1, 1), 1),
            new Sigmoid("c", new Shape(3, 3, 3)),
            new Convolution("d", new Shape(3, 3, 3), 2, 1, 1, 1, Padding.of(0, 0), 1));
    return new Residual(name, input, new Chain(input, body), new Chain(input, shortcut));
  }

  /** None so near to 0 that a difference would step over a kink. */
  private float[] values(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      float value = random.nextFloat() * 2 - 1;
      values[i] = value + Math.copySign(1.5f * STEP, value);
    }
    return values;
  }

  /** So far apart in a lane that a step makes none of them larger than another. */
  private float[] apart(int size) {
    int elements = size / LANES;
    float[] values = new float[size];
    for (int lane = 0; lane < LANES; lane++) {
      List<Integer> order = IntStream.range(0, elements).boxed().collect(Collectors.toList());
      Collections.shuffle(order, random);
      for (int i = 0; i < elements; i++) {
        values[i * LANES + lane] = (2 * order.get(i) - elements) * 1.25f * STEP;
      }
    }
    return values;
  }

  private static int parameterCount(Layer layer) {
    return layer.tensors().stream().mapToInt(Tensor::size).sum();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void gradientsAreTheSlopesOfTheOutput(Layer layer) {
    float[] parameters = values(BEFORE + parameterCount(layer) + 2);
    int size = layer.input().size() * LANES;
    float[] in = layer instanceof MaxPooling ? apart(size) : values(size);
    float[] weights = values(layer.output().size() * LANES);
    GradientSum sum = new GradientSum();
    float[] inGradient = backward(layer, parameters, in, weights, sum);
    for (int i = 0; i < in.length; i += LANES) {
      // All lanes at a time, since none is to depend on another.
      double[] slopes = slopes(in, i, LANES, () -> functionals(layer, parameters, in, weights));
      for (int lane = 0; lane < LANES; lane++) {
        assertEquals(slopes[lane], inGradient[i + lane], BOUND, "input " + (i + lane));
      }
    }
    for (int i = 0; i < parameterCount(layer); i++) {
      double[] slopes =
          slopes(parameters, BEFORE + i, 1, () -> functionals(layer, parameters, in, weights));
      double found = FixedPoint.toDouble(sum.gradient(parameters.length)[BEFORE + i]);
      // The sum over 16 lanes and all positions, so its error is larger as well.
      assertEquals(Arrays.stream(slopes).sum(), found, LANES * BOUND, "parameter " + i);
    }
  }

  /** So that moving all lanes together shows what moving one would. */
  @ParameterizedTest
  @MethodSource("layers")
  void lanesDoNotDependOnEachOther(Layer layer) {
    float[] parameters = values(BEFORE + parameterCount(layer));
    float[] in = values(layer.input().size() * LANES);
    float[] weights = values(layer.output().size() * LANES);
    double[] before = functionals(layer, parameters, in, weights);
    for (int i = 3; i < in.length; i += LANES) {
      in[i] += 0.5f;
    }
    double[] after = functionals(layer, parameters, in, weights);
    for (int lane = 0; lane < LANES; lane++) {
      if (lane != 3) {
        assertEquals(before[lane], after[lane], "lane " + lane);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void backwardAddsToExistingSumsAndToNoOthers(Layer layer) {
    int count = parameterCount(layer);
    float[] parameters = values(BEFORE + count + 2);
    float[] in = values(layer.input().size() * LANES);
    float[] weights = values(layer.output().size() * LANES);
    GradientSum once = new GradientSum();
    backward(layer, parameters, in, weights, once);
    GradientSum twice = new GradientSum();
    backward(layer, parameters, in, weights, twice);
    backward(layer, parameters, in, weights, twice);
    long[] first = once.gradient(parameters.length);
    long[] second = twice.gradient(parameters.length);
    for (int i = 0; i < parameters.length; i++) {
      assertEquals(2 * first[i], second[i], "parameter " + i);
      if (i < BEFORE || i >= BEFORE + count) {
        assertEquals(0, first[i], "parameter " + i + " is another layer's");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void firstLayerNeedsNoGradientOnItsInput(Layer layer) {
    float[] parameters = values(BEFORE + parameterCount(layer));
    float[] in = values(layer.input().size() * LANES);
    Buffers at = plan(layer, in, false);
    Pass pass = pass(parameters);
    pass.sum = new GradientSum();
    layer.forward(pass, BEFORE, at);
    float[] errors = values(layer.output().size() * LANES);
    new Lanes(errors, 0).copyTo(at.outGradient(), layer.output().size());
    assertTrue(layer.backward(pass, BEFORE, at));
  }

  /** All layers see the same input, however its memory is shared. */
  @ParameterizedTest
  @MethodSource("layers")
  void layerBehindThatWorksInPlaceChangesNoGradient(Layer layer) {
    float[] parameters = values(BEFORE + parameterCount(layer));
    float[] in = values(layer.input().size() * LANES);
    float[] errors = values(layer.output().size() * LANES);
    float[] alone = backward(layer, parameters, in, errors, new GradientSum());
    Chain chain =
        new Chain(layer.input(), List.of(layer, new Dropout("no dropout", layer.output(), 0, 1)));
    Lanes.Arena arena = new Lanes.Arena();
    Lanes input = arena.take(layer.input().size());
    Lanes gradient = arena.take(layer.input().size());
    new Lanes(in, 0).copyTo(input, layer.input().size());
    List<Buffers> buffers = chain.plan(arena, input, gradient, true);
    Pass pass = pass(parameters);
    pass.sum = new GradientSum();
    chain.forward(pass, BEFORE, buffers);
    assertArrayEquals(in, copy(input, layer.input().size()), "the input is kept");
    new Lanes(errors, 0).copyTo(buffers.get(1).outGradient(), layer.output().size());
    assertEquals(Chain.IN_RANGE, chain.backward(pass, BEFORE, buffers));
    assertArrayEquals(alone, copy(gradient, layer.input().size()));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void tensorsFollowEachOtherAndEveryElementHasItsPlaceInTheFile(Layer layer) {
    int end = 0;
    for (Tensor tensor : layer.tensors()) {
      assertEquals(end, tensor.offset());
      end += tensor.size();
      long places = IntStream.range(0, tensor.size()).map(tensor::index).distinct().count();
      assertEquals(tensor.size(), places, tensor.name());
    }
  }
}
