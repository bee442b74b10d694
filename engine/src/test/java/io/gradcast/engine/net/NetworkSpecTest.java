package io.gradcast.engine.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkSpecTest {

  private static String network(String layers) {
    return "name = n, input = [1, 9, 8], loss = squared-error, layers = [" + layers + "]";
  }

  private static String messageOf(String text) {
    GradcastException e =
        assertThrows(GradcastException.class, () -> new Network(NetworkSpec.parse(text, "file")));
    assertEquals(Kind.USAGE, e.kind());
    return e.getMessage();
  }

  @Test
  void baseNetworkHasThePapersShapes() {
    NetworkSpec zhang = NetworkSpec.named("zhang");
    List<String> shapes =
        zhang.layers().stream().map(Layer::output).map(Object::toString).distinct().toList();
    assertEquals(List.of("6x24x24", "6x12x12", "12x8x8", "12x4x4", "192x1x1", "10x1x1"), shapes);
    assertEquals(3898, new Network(zhang).parameterCount());
  }

  /** By hand: 312 + 7224 + 3850, and 156 + 1812 + 4632 + 250. */
  @ParameterizedTest
  @CsvSource({"zhang-wide, 11386", "zhang-deep, 6850"})
  void variantsAreTextsToo(String name, int parameters) {
    assertEquals(parameters, new Network(NetworkSpec.named(name)).parameterCount());
  }

  @ParameterizedTest
  @ValueSource(strings = {"zhang", "zhang-wide", "zhang-deep"})
  void textIsCanonical(String name) {
    NetworkSpec spec = NetworkSpec.named(name);
    NetworkSpec again = NetworkSpec.parseJson(spec.text(), "again");
    assertEquals(spec.text(), again.text());
    assertEquals(spec.layers(), again.layers());
  }

  @Test
  void orderOfKeysAndSpacesDoNotMatter() {
    String one = network("{ type = dense, units = 2, name = d }");
    String other =
        "loss = \"squared-error\"\nlayers = [{name: d, units: 2,\n type: dense}]\n"
            + "input = [1,9,8] # a comment\nname = n";
    assertEquals(NetworkSpec.parse(one, "one").text(), NetworkSpec.parse(other, "other").text());
  }

  @Test
  void unknownNameSaysWhatIsExpected() {
    GradcastException e = assertThrows(GradcastException.class, () -> NetworkSpec.named("zang"));
    assertEquals(
        "network: expected the name of a network in conf/networks or a file, found zang",
        e.getMessage());
  }

  @Test
  void unknownKeysNameTheNearest() {
    assertEquals(
        "file: layer d (dense): expected the key units, found [name, type, unit]",
        messageOf(network("{ type = dense, unit = 2, name = d }")));
    assertEquals(
        "file: layer d: there is no key unis. Did you mean units?",
        messageOf(network("{ type = dense, units = 2, unis = 2, name = d }")));
    assertEquals(
        "file: the network: there is no key los. Did you mean loss?",
        messageOf(network("{ type = sigmoid }") + ", los = x"));
  }

  @Test
  void unknownTypeNamesTheNearest() {
    String message = messageOf(network("{ type = convv, maps = 2, kernel = 3 }"));
    assertTrue(
        message.startsWith("file: layer convv-1: expected a type of [conv, dense, dropout,")
            && message.endsWith("softmax, tanh], found convv. Did you mean conv?"),
        message);
  }

  @Test
  void convolutionMayHaveStridePaddingAndUnequalSides() {
    NetworkSpec spec =
        NetworkSpec.parse(
            network("{ type = conv, maps = 2, kernel = [3, 5], stride = 2, padding = 1 }"), "file");
    assertEquals(new Shape(2, 5, 3), spec.layers().get(0).output());
    assertEquals(
        "file: layer conv-1 (conv): expected a kernel of a number or [rows, columns], found"
            + " [1, 2, 3]",
        messageOf(network("{ type = conv, maps = 2, kernel = [1, 2, 3] }")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ type = conv, maps = 2, kernel = [2, 3], padding = [1, 2] } | 2x10x10",
        "{ type = conv, maps = 2, kernel = [2, 4], padding = same } | 2x9x8",
        "{ type = conv, maps = 2, kernel = 3, stride = 2, padding = same } | 2x5x4",
        "{ type = conv, maps = 4, kernel = 3, groups = 1 } | 4x7x6",
        "{ type = mean-pool, size = 2 } | 1x4x4",
        "{ type = max-pool, size = 2 } | 1x4x4",
        "{ type = max-pool, size = 3, stride = 2 } | 1x4x3",
        "{ type = mean-pool, size = 3, stride = 1 } | 1x7x6",
        "{ type = global-mean-pool } | 1x1x1"
      })
  void convolutionsAndPoolingsHaveTheShapesThatTheirTextSays(String layer, String shape) {
    NetworkSpec spec = NetworkSpec.parse(network(layer), "file");
    assertEquals(shape, spec.layers().get(0).output().toString());
  }

  @Test
  void sizesThatCannotBeNameLayerExpectedAndFound() {
    assertEquals(
        "file: layer c (conv): expected a kernel of at most 9x8, its input 1x9x8 with its padding,"
            + " found 9x9",
        messageOf(network("{ name = c, type = conv, maps = 2, kernel = 9 }")));
    assertEquals(
        "file: layer c (conv): expected maps of 1 or more, found 0",
        messageOf(network("{ name = c, type = conv, maps = 0, kernel = 3 }")));
    assertEquals(
        "file: layer s (mean-pool): expected a size from 1 to 8, that of its input 1x9x8, found 9",
        messageOf(network("{ name = s, type = mean-pool, size = 9 }")));
    assertEquals(
        "file: layer d (dense): expected units of 1 or more, found -1",
        messageOf(network("{ name = d, type = dense, units = -1 }")));
  }

  @Test
  void namesAreUnique() {
    assertEquals(
        "file: layers: the name a is there twice",
        messageOf(network("{ type = sigmoid, name = a }, { type = sigmoid, name = a }")));
  }

  @Test
  void thereIsAtLeastOneLayer() {
    assertEquals("file: layers: expected 1 or more, found none", messageOf(network("")));
  }

  @Test
  void inputHasThreeSidesOfAtLeastOne() {
    String layers = ", loss = squared-error, name = n, layers = [{ type = sigmoid }]";
    assertEquals(
        "file: input: expected [channels, height, width], found [28, 28]",
        messageOf("input = [28, 28]" + layers));
    assertEquals("file: shape 1x0x28 has a side below 1", messageOf("input = [1, 0, 28]" + layers));
    assertTrue(messageOf("name = n, loss = squared-error, layers = []").contains("'input'"));
  }

  @Test
  void unknownLossSaysWhatIsExpected() {
    assertEquals(
        "file: loss: expected one of [binary-cross-entropy, softmax-cross-entropy, squared-error],"
            + " found hinge. Did you mean squared-error?",
        messageOf("input=[1,2,2], name=n, layers=[{type=sigmoid}], loss=hinge"));
  }

  @Test
  void textThatIsNoHoconSaysWhere() {
    assertTrue(messageOf("name = [").startsWith("file: file: 1: "), messageOf("name = ["));
  }

  @Test
  void billionsOfParametersAreRefusedBeforeMemoryIsTaken() {
    String wide = "{ type = dense, units = 60000000 }";
    assertEquals(
        "network n: tensor dense-1.weight: expected at most 2147483647 elements, found the shape [60000000,"
            + " 72]",
        messageOf(network(wide)));
    String message = messageOf(network("{ type = dense, units = 10000000 }"));
    assertEquals(
        "network n: expected at most 268435456 parameters, found 730000000 up to layer dense-1",
        message);
  }
}
