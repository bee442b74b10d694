package io.gradcast.engine.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.Sgd;
import io.gradcast.engine.optim.Updater;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The base network against values that an independent implementation (automatic differentiation in
 * double precision) gave: src-test-data/golden/zhang-step.json.
 */
class GoldenStepTest {

  private static final Path GOLDEN = Path.of("..", "src-test-data", "golden", "zhang-step.json");

  /** Float32 rounding, see PaperNetworkTest; of gradients, relative to the tensor's largest. */
  private static final double FLOAT_BOUND = 1e-6;

  private static final double GRADIENT_BOUND = 1e-5;

  /** Both in double precision. */
  private static final double DOUBLE_BOUND = 1e-13;

  private final Network network = new Network(NetworkSpec.named("zhang"));
  private final Workspace workspace = new Workspace(network, Kernels.best());
  private final PaperNetwork paper = new PaperNetwork();
  private JsonNode golden;
  private int count;
  private int[] rows;
  private Samples samples;
  private float[] parameters;

  @BeforeEach
  void read() throws IOException {
    golden = new ObjectMapper().readTree(GOLDEN.toFile());
    count = golden.get("n").asInt();
    rows = IntStream.range(0, count).toArray();
    byte[] pixels = new byte[count * 784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) golden.get("pixels").get(i).asInt();
    }
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = golden.get("labels").get(i).asInt();
    }
    long[] ids = IntStream.range(0, count).asLongStream().toArray();
    samples = new Samples(new Shape(1, 28, 28), ids, pixels, labels);
    double[] all = inEngineOrder(golden.get("params"));
    PaperParameters.set(paper, all);
    parameters = new float[all.length];
    for (int i = 0; i < all.length; i++) {
      parameters[i] = (float) all[i];
      assertEquals(all[i], parameters[i], "golden parameters are exact in float32");
    }
  }

  /** The arrays of the file, where C2 kernels are [p][q][u][v], as one array like the engine's. */
  private static double[] inEngineOrder(JsonNode tensors) {
    double[] all = new double[PaperParameters.COUNT];
    int place = copy(tensors.get("k1"), 0, 150, all, 0);
    place = copy(tensors.get("b1"), 0, 6, all, place);
    for (int q = 0; q < 12; q++) {
      for (int p = 0; p < 6; p++) {
        place = copy(tensors.get("k2"), (p * 12 + q) * 25, 25, all, place);
      }
    }
    place = copy(tensors.get("b2"), 0, 12, all, place);
    place = copy(tensors.get("W"), 0, 1920, all, place);
    copy(tensors.get("b"), 0, 10, all, place);
    return all;
  }

  private static int copy(JsonNode from, int first, int length, double[] to, int place) {
    for (int i = 0; i < length; i++) {
      to[place + i] = from.get(first + i).asDouble();
    }
    return place + length;
  }

  @Test
  void activationsOfTheFirstSampleAreTheGoldenOnes() {
    network.forward(samples, rows, 0, Kernels.LANES, parameters, workspace);
    JsonNode sample = golden.get("sample0");
    assertLane(sample.get("C1"), 1);
    assertLane(sample.get("S1"), 2);
    assertLane(sample.get("C2"), 4);
    assertLane(sample.get("S2"), 5);
    assertLane(sample.get("f"), 6);
  }

  private void assertLane(JsonNode expected, int layer) {
    Lanes found = workspace.activation(layer);
    assertEquals(network.layers().get(layer).output().size(), expected.size());
    for (int i = 0; i < expected.size(); i++) {
      String where = "element " + i + " behind " + network.layerName(layer);
      assertEquals(expected.get(i).asDouble(), found.get(i, 0), FLOAT_BOUND, where);
    }
  }

  @Test
  void outputAndLossOfEverySampleAreTheGoldenOnes() {
    for (int sample = 0; sample < count; sample++) {
      GradientSum sum = new GradientSum();
      network.gradient(
          samples, rows, sample, sample + 1, parameters, new Recipe(1, 1), 0, workspace, sum);
      double loss = golden.get("loss_per_sample").get(sample).asDouble();
      assertEquals(loss, FixedPoint.toDouble(sum.loss()), FLOAT_BOUND, "loss " + sample);
      for (int i = 0; i < 10; i++) {
        double expected = golden.get("yhat").get(sample * 10 + i).asDouble();
        assertEquals(expected, workspace.output().get(i, 0), FLOAT_BOUND);
      }
    }
  }

  @Test
  void gradientOfTheMeanLossIsTheGoldenOne() {
    double[] expected = inEngineOrder(golden.get("grad"));
    GradientSum sum = new GradientSum();
    network.gradient(samples, rows, 0, count, parameters, new Recipe(1, count), 0, workspace, sum);
    int[] bounds = {0, 150, 156, 1956, 1968, 3888, 3898};
    for (int tensor = 0; tensor + 1 < bounds.length; tensor++) {
      int from = bounds[tensor];
      int to = bounds[tensor + 1];
      double largest =
          IntStream.range(from, to).mapToDouble(i -> Math.abs(expected[i])).max().orElseThrow();
      for (int i = from; i < to; i++) {
        double found = FixedPoint.toDouble(sum.gradient(expected.length)[i]) / count;
        assertEquals(expected[i], found, GRADIENT_BOUND * largest, "parameter " + i);
      }
    }
  }

  @Test
  void tenStepsFollowTheGoldenTrajectory() {
    double rate = golden.get("alpha").asDouble();
    Updater updater = new Updater(new Sgd(), Clipping.NONE, parameters, Map.of(), 1);
    GradientSum sum = new GradientSum();
    assertEquals(10, golden.get("loss_by_step").size());
    for (JsonNode loss : golden.get("loss_by_step")) {
      sum.clear();
      network.gradient(
          samples, rows, 0, count, parameters, new Recipe(1, count), 0, workspace, sum);
      assertEquals(loss.asDouble(), FixedPoint.toDouble(sum.loss()) / count, FLOAT_BOUND);
      updater.begin(sum, rate, 1);
      updater.update(0);
    }
    double[] expected = inEngineOrder(golden.get("params_after"));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], parameters[i], FLOAT_BOUND, "parameter " + i);
    }
  }

  /** So the transcription of the equations is as right as the independent implementation. */
  @Test
  void transcriptionOfThePaperAgreesInDoublePrecision() {
    double[] mean = new double[PaperParameters.COUNT];
    for (int sample = 0; sample < count; sample++) {
      double[][] image = new double[28][28];
      for (int i = 0; i < 784; i++) {
        image[i / 28][i % 28] = golden.get("pixels").get(sample * 784 + i).asInt() / 255.0;
      }
      double[] y = new double[10];
      y[golden.get("labels").get(sample).asInt()] = 1;
      double loss = golden.get("loss_per_sample").get(sample).asDouble();
      assertEquals(loss, paper.forward(image, y), DOUBLE_BOUND);
      paper.backward(image, y);
      double[] gradients = PaperParameters.gradients(paper);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += gradients[i] / count;
      }
    }
    double[] expected = inEngineOrder(golden.get("grad"));
    for (int i = 0; i < mean.length; i++) {
      assertEquals(expected[i], mean[i], DOUBLE_BOUND, "parameter " + i);
    }
  }
}
