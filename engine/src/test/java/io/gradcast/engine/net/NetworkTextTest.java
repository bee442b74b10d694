package io.gradcast.engine.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.layer.SoftmaxCrossEntropy;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a text may leave to the data, and what else than layers it may have. */
class NetworkTextTest {

  private static final String OPEN =
      """
      name = open
      layers = [{ type = conv, maps = 2, kernel = 3 }, { type = dense, units = ${classes} }]
      loss = softmax-cross-entropy
      """;

  private static final DataFacts FACTS =
      new DataFacts(
          new Shape(3, 9, 8),
          7,
          false,
          List.of(0.1f, 0.2f, 0.3f),
          List.of(1f, 2f, 1 / 3f),
          List.of(10L, 40L, 5L, 0L, 10L, 4L, 1L));

  private static String messageOf(NetworkText text, DataFacts facts) {
    return assertThrows(GradcastException.class, () -> text.resolve(facts)).getMessage();
  }

  private static String messageOf(String text) {
    return messageOf(NetworkText.parse(text, "file"), DataFacts.NONE);
  }

  private static String network(String rest) {
    return "name = n, input = [4, 4, 4], loss = squared-error\n" + rest;
  }

  @Test
  void inputAndClassesMayComeFromTheData() {
    NetworkSpec spec = NetworkText.parse(OPEN, "file").resolve(FACTS);
    assertEquals(new Shape(3, 9, 8), spec.input());
    assertEquals(7, new Network(spec).classes());
    // Whoever reads the text of a model has no data.
    NetworkSpec again = NetworkSpec.parseJson(spec.text(), "again");
    assertEquals(spec, again);
  }

  @Test
  void inputAndClassesOfTheTextGoBeforeThoseOfTheData() {
    String text = "classes = 3, input = [1, 5, 5]\n" + OPEN;
    NetworkSpec spec = NetworkText.parse(text, "file").resolve(FACTS);
    assertEquals(new Shape(1, 5, 5), spec.input());
    assertEquals(3, new Network(spec).classes());
  }

  @Test
  void whatNobodyKnowsIsMissed() {
    assertTrue(
        messageOf(OPEN)
            .startsWith("file: expected values for all of its ${...}, found one without"),
        messageOf(OPEN));
    DataFacts classes = new DataFacts(null, 2, false);
    assertTrue(messageOf(NetworkText.parse(OPEN, "file"), classes).contains("'input'"));
  }

  @Test
  void severalLabelsOfTheDataBecomePartOfTheText() {
    DataFacts facts = new DataFacts(FACTS.input(), 7, true);
    NetworkText text = NetworkText.parse(OPEN, "file").with("loss", "binary-cross-entropy");
    NetworkSpec spec = text.resolve(facts);
    assertTrue(spec.severalLabels());
    assertEquals(spec, NetworkSpec.parseJson(spec.text(), "again"));
    assertFalse(text.resolve(FACTS).severalLabels());
    assertFalse(text.resolve(FACTS).text().contains("labels"), text.resolve(FACTS).text());
    assertEquals(
        "file: loss softmax-cross-entropy: expected one label a sample, found several;"
            + " binary-cross-entropy takes these",
        messageOf(NetworkText.parse(OPEN, "file"), facts));
    assertEquals(
        "file: labels: expected one or several a sample, found two",
        messageOf(network("labels = two, layers = [{ type = relu }]")));
  }

  @Test
  void meanAndDeviationOfTheDataBecomePartOfTheText() {
    NetworkText text = NetworkText.parse(OPEN + "normalize = data", "file");
    assertTrue(text.wantsStatistics());
    assertFalse(NetworkText.parse(OPEN, "file").wantsStatistics());
    NetworkSpec spec = text.resolve(FACTS);
    assertEquals(new Normalization(FACTS.mean(), FACTS.deviation()), spec.normalization());
    assertEquals(spec, NetworkSpec.parseJson(spec.text(), "again"));
    assertEquals(
        "file: normalize: expected data from which to take the mean, found none",
        messageOf(text, new DataFacts(FACTS.input(), 7, false)));
  }

  @Test
  void normalizationHasAMeanAndADeviationForEachChannel() {
    String layers = "layers = [{ type = dense, units = 2 }]\n";
    assertEquals(
        "file: normalize: expected a mean and a deviation above 0 for each of 4 channels, found"
            + " [0.5] and [0.0]",
        messageOf(network(layers + "normalize = { mean = [0.5], deviation = [0] }")));
    NetworkSpec none = NetworkSpec.parse(network(layers + "normalize = none"), "file");
    assertTrue(none.normalization().isNone());
  }

  /** 70 samples of 7 classes. */
  @Test
  void balancedClassWeightsMakeEachClassCountAsMuch() {
    NetworkText text = NetworkText.parse(OPEN + "class-weights = balanced", "file");
    assertTrue(text.wantsStatistics());
    assertFalse(text.unmeasured().wantsStatistics());
    NetworkSpec spec = text.resolve(FACTS);
    assertEquals(List.of(1f, 0.25f, 2f, 1f, 1f, 2.5f, 10f), spec.classWeights());
    assertEquals(spec, NetworkSpec.parseJson(spec.text(), "again"));
  }

  @Test
  void valuesMayBeReplaced() {
    NetworkText text = NetworkText.parse(OPEN, "file").with("loss", "squared-error");
    assertEquals("squared-error", text.resolve(FACTS).loss().name());
  }

  @Test
  void residualLayersHaveLayersAndMaybeAShortcut() {
    NetworkSpec spec =
        NetworkSpec.parse(
            network(
                """
                layers = [
                  { type = residual, name = r, layers = [
                      { type = conv, maps = 4, kernel = 1 }, { type = relu } ] }
                  { type = residual, layers = [{ type = dense, units = 3 }]
                    shortcut = [{ type = dense, units = 3, name = s }] }
                ]
                """),
            "file");
    Network network = new Network(spec);
    assertEquals(
        List.of(
            "r.conv-1.weight",
            "r.conv-1.bias",
            "residual-2.dense-1.weight",
            "residual-2.dense-1.bias",
            "residual-2.shortcut.s.weight",
            "residual-2.shortcut.s.bias"),
        network.tensors().stream().map(Tensor::name).toList());
    int end = 0;
    for (Tensor tensor : network.tensors()) {
      assertEquals(end, tensor.offset());
      end += tensor.size();
    }
    assertEquals(end, network.parameterCount());
  }

  @Test
  void residualLayersAreNotNestedWithoutEnd() {
    String inner = "{ type = relu }";
    for (int i = 0; i < 4; i++) {
      inner = "{ type = residual, name = r, layers = [" + inner + "] }";
    }
    assertEquals(
        "file: layer r.r.r.r: expected layers within layers up to 3 deep, found more",
        messageOf(network("layers = [" + inner + "]")));
  }

  @Test
  void initialWeightsMayBeChosenForTheNetworkAndForALayer() {
    String layers = "layers = [{ type = dense, units = 500 }, { type = dense, units = 9 %s }]";
    float[] paper = parameters(network(layers.formatted("")));
    float[] he = parameters(network(layers.formatted("") + ", init = he-normal"));
    float[] mixed = parameters(network(layers.formatted(", init = he-normal")));
    // 64 inputs: uniform within sqrt(6 / 564), or a deviation of sqrt(2 / 64).
    assertEquals(Math.sqrt(2.0 / 564), deviation(paper, 0, 32000), 0.01);
    assertEquals(Math.sqrt(2.0 / 64), deviation(he, 0, 32000), 0.002);
    assertEquals(Math.sqrt(2.0 / 64), deviation(he, 16000, 32000), 0.003);
    assertEquals(Math.sqrt(2.0 / 564), deviation(mixed, 0, 32000), 0.01);
    assertEquals(Math.sqrt(2.0 / 500), deviation(mixed, 32500, 37000), 0.002);
    assertEquals(
        "file: the network: expected an init of [glorot-uniform, glorot-normal, he-uniform,"
            + " he-normal], found he. Did you mean he-normal?",
        messageOf(network("layers = [{ type = relu }], init = he")));
  }

  private static float[] parameters(String text) {
    return new Network(NetworkSpec.parse(text, "file")).initialParameters(3);
  }

  private static double deviation(float[] values, int from, int to) {
    double squares = 0;
    for (int i = from; i < to; i++) {
      squares += (double) values[i] * values[i];
    }
    return Math.sqrt(squares / (to - from));
  }

  @Test
  void lossMayHaveSmoothingAndClassWeights() {
    NetworkSpec spec =
        NetworkSpec.parse(
            """
            name = n, input = [1, 2, 2], layers = [{ type = dense, units = 2 }]
            loss = { type = softmax-cross-entropy, smoothing = 0.1 }, class-weights = [1, 3]
            """,
            "file");
    assertEquals(new SoftmaxCrossEntropy(0.1f), spec.loss());
    assertEquals(List.of(1f, 3f), spec.classWeights());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ type = squared-error, smoothing = 0.1 } | loss squared-error: there is no key smoothing.",
        "squared-error, class-weights = [1] | class-weights: expected 4 numbers above 0, found [1.0]",
        "squared-error, class-weights = [1, 1, 1, 0] | class-weights: expected 4 numbers above 0",
        "squared-error, class-weights = balanced | class-weights: expected data of which to count"
      })
  void lossesThatCannotBeAreNamed(String loss, String sentence) {
    String text = "name = n, input = [4, 1, 1], layers = [{ type = relu }], loss = " + loss;
    assertTrue(messageOf(text).startsWith("file: " + sentence), messageOf(text));
  }
}
