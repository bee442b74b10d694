package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.optim.Adam;
import io.gradcast.engine.optim.AdamW;
import io.gradcast.engine.optim.Momentum;
import io.gradcast.engine.optim.Nesterov;
import io.gradcast.engine.optim.Optimizer;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Outputs, losses, gradients and eight updates of networks of other layers and with other
 * optimizers than the paper's, against what an independent implementation (PyTorch, in double
 * precision) gave: src-test-data/golden/general-*.json.
 *
 * <p>Values there are near 1 and below, sums have some hundred terms, and a float32 is off by 6e-8
 * of its value: so outputs and losses may be off by {@link #BOUND}, and so may gradients, which are
 * summed on a grid of 2^-40. Eight updates move parameters by some tenths; Adam divides gradients
 * by their own size, so that where they are near 0 their relative error counts.
 */
class GoldenNetworksTest {

  private static final double BOUND = 1e-6;
  private static final double BOUND_AFTER = 5e-6;
  private static final double BOUND_AFTER_ADAM = 2e-4;

  private JsonNode golden;
  private Network network;
  private Samples samples;
  private float[] parameters;

  private void read(String name) throws IOException {
    Path file = Path.of("..", "src-test-data", "golden", "general-" + name + ".json");
    golden = new ObjectMapper().readTree(file.toFile());
    List<Integer> sides = new ArrayList<>();
    golden.get("input").forEach(side -> sides.add(side.asInt()));
    List<String> layers = new ArrayList<>();
    golden.get("layers").forEach(layer -> layers.add(text(layer)));
    String loss =
        golden.get("loss").asText().equals("mse") ? "squared-error" : golden.get("loss").asText();
    String text =
        "name = golden, input = %s, layers = [%s], loss = %s"
            .formatted(sides, String.join(", ", layers), loss);
    network = new Network(NetworkSpec.parse(text, name));
    int count = golden.get("n").asInt();
    byte[] pixels = new byte[golden.get("pixels").size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) golden.get("pixels").get(i).asInt();
    }
    int[] labels =
        IntStream.range(0, count).map(i -> golden.get("labels").get(i).asInt()).toArray();
    samples =
        new Samples(
            new Shape(sides.get(0), sides.get(1), sides.get(2)),
            LongStream.range(0, count).toArray(),
            pixels,
            labels);
    parameters = new float[network.parameterCount()];
    int number = 0;
    for (Tensor tensor : network.tensors()) {
      JsonNode values = golden.get("params").get(number++);
      assertEquals(values.size(), tensor.size(), tensor.name());
      for (int i = 0; i < tensor.size(); i++) {
        parameters[tensor.index(i)] = (float) values.get(i).asDouble();
      }
    }
  }

  /** The same layer in the language of network texts. */
  private static String text(JsonNode layer) {
    return switch (layer.get("type").asText()) {
      case "conv" ->
          "{ type = conv, maps = %d, kernel = %d, stride = %d, padding = %d }"
              .formatted(
                  layer.get("maps").asInt(),
                  layer.get("kernel").asInt(),
                  layer.get("stride").asInt(),
                  layer.get("padding").asInt());
      case "maxpool", "avgpool" ->
          "{ type = %s, size = %d, stride = %d }"
              .formatted(
                  layer.get("type").asText().equals("maxpool") ? "max-pool" : "mean-pool",
                  layer.get("kernel").asInt(),
                  layer.get("stride").asInt());
      case "dense" -> "{ type = dense, units = %d }".formatted(layer.get("units").asInt());
      case "leakyrelu" -> "{ type = leaky-relu }";
      default -> "{ type = %s }".formatted(layer.get("type").asText());
    };
  }

  private void assertParameters(String key, Iterable<Double> found, double bound) {
    List<Double> expected = new ArrayList<>();
    golden.get(key).forEach(tensor -> tensor.forEach(value -> expected.add(value.asDouble())));
    int i = 0;
    for (double value : found) {
      assertEquals(expected.get(i), value, bound, key + ", element " + i);
      i++;
    }
    assertEquals(expected.size(), i);
  }

  private interface Value {
    double at(int index);
  }

  /** All parameters, or what mirrors them, in the order of files. */
  private List<Double> inFileOrder(Value value) {
    List<Double> values = new ArrayList<>();
    for (Tensor tensor : network.tensors()) {
      for (int i = 0; i < tensor.size(); i++) {
        values.add(value.at(tensor.index(i)));
      }
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d"})
  void outputsLossAndGradientAreThoseOfTheGoldenRun(String name) throws IOException {
    read(name);
    Workspace workspace = new Workspace(network, Kernels.best());
    int count = samples.count();
    int[] rows = IntStream.range(0, count).toArray();
    for (int first = 0; first < count; first += Kernels.LANES) {
      int lanes = Math.min(Kernels.LANES, count - first);
      network.forward(samples, rows, first, lanes, parameters, workspace);
      for (int i = 0; i < lanes * network.classes(); i++) {
        double expected = golden.get("output").get(first * network.classes() + i).asDouble();
        float found = workspace.output().get(i % network.classes(), i / network.classes());
        assertEquals(expected, found, BOUND, "output " + i);
      }
    }
    GradientSum sum = new GradientSum();
    network.gradient(samples, rows, 0, count, parameters, new Recipe(1, count), 0, workspace, sum);
    assertEquals(golden.get("loss0").asDouble(), FixedPoint.toDouble(sum.loss()) / count, BOUND);
    long[] gradient = sum.gradient(parameters.length);
    assertParameters("grad", inFileOrder(i -> FixedPoint.toDouble(gradient[i]) / count), BOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "d"})
  void eightUpdatesAreThoseOfTheGoldenRun(String name) throws IOException {
    read(name);
    JsonNode losses = golden.get("loss_by_step");
    double rate = golden.get("optimizer").get("lr").asDouble();
    TrainingConfig config =
        new TrainingConfig(losses.size(), samples.count(), rate, /* seed= */ 1).with(optimizer());
    TrainingState start = TrainingState.start(network, optimizer(), parameters, name);
    CheckpointPlan plan = new CheckpointPlan(Optional.of(start), Long.MAX_VALUE, state -> {});
    TrainingResult result;
    try (LocalTrainer trainer = new LocalTrainer(network, config, samples, samples, 2)) {
      result = trainer.train(TrainingListener.NONE, plan);
    }
    boolean adam = !optimizer().stateNames().contains("velocity");
    double bound = adam ? BOUND_AFTER_ADAM : BOUND_AFTER;
    for (int i = 0; i < losses.size(); i++) {
      double found = result.measurements().get(i).trainLoss();
      assertEquals(losses.get(i).asDouble(), found, bound, "loss of step " + i);
    }
    float[] after = result.parameters();
    assertParameters("params_after", inFileOrder(i -> after[i]), bound);
  }

  private Optimizer optimizer() {
    JsonNode text = golden.get("optimizer");
    double momentum = text.path("momentum").asDouble(0);
    double decay = text.path("weight_decay").asDouble(0);
    return switch (text.get("type").asText()) {
      case "adam" -> new Adam(0.9, 0.999, 1e-8, decay);
      case "adamw" -> new AdamW(0.9, 0.999, 1e-8, decay);
      default ->
          text.path("nesterov").asBoolean(false)
              ? new Nesterov(momentum, decay)
              : new Momentum(momentum, decay);
    };
  }
}
