package io.gradcast.engine.net;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Nearest;
import io.gradcast.engine.kernel.Padding;
import io.gradcast.engine.layer.Convolution;
import io.gradcast.engine.layer.Dense;
import io.gradcast.engine.layer.Dropout;
import io.gradcast.engine.layer.Flatten;
import io.gradcast.engine.layer.Gelu;
import io.gradcast.engine.layer.GroupNorm;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.layer.LayerNorm;
import io.gradcast.engine.layer.MeanPooling;
import io.gradcast.engine.layer.Relu;
import io.gradcast.engine.layer.Residual;
import io.gradcast.engine.layer.Sigmoid;
import io.gradcast.engine.layer.Softmax;
import io.gradcast.engine.layer.Tanh;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The layers by their types in network texts: one entry each, which says what keys it has. */
final class LayerTypes {

  private static final double LEAKY_SLOPE = 0.01;

  private static final Map<String, Function<LayerText, Layer>> TYPES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("conv", LayerTypes::convolution),
              Map.entry(
                  "dense",
                  t -> new Dense(t.name(), t.input(), t.integer("units"), t.initialization())),
              Map.entry(
                  "dropout", t -> new Dropout(t.name(), t.input(), t.number("rate"), t.stream())),
              Map.entry("flatten", t -> new Flatten(t.name(), t.input())),
              Map.entry("gelu", t -> new Gelu(t.name(), t.input())),
              Map.entry("group-norm", t -> new GroupNorm(t.name(), t.input(), t.integer("groups"))),
              Map.entry("layer-norm", t -> new LayerNorm(t.name(), t.input())),
              Map.entry(
                  "leaky-relu",
                  t -> new Relu(t.name(), t.input(), (float) t.number("slope", LEAKY_SLOPE))),
              Map.entry("mean-pool", t -> new MeanPooling(t.name(), t.input(), t.integer("size"))),
              Map.entry("relu", t -> new Relu(t.name(), t.input(), 0f)),
              Map.entry(
                  "residual",
                  t -> new Residual(t.name(), t.input(), t.chain("layers"), t.chain("shortcut"))),
              Map.entry("sigmoid", t -> new Sigmoid(t.name(), t.input())),
              Map.entry("softmax", t -> new Softmax(t.name(), t.input())),
              Map.entry("tanh", t -> new Tanh(t.name(), t.input()))));

  private LayerTypes() {}

  static Layer read(String type, LayerText text) {
    Function<LayerText, Layer> reader = TYPES.get(type);
    if (reader == null) {
      List<String> known = List.copyOf(TYPES.keySet());
      throw GradcastException.usage(
          "layer %s: expected a type of %s, found %s. %s"
              .formatted(text.name(), known, type, Nearest.question(type, known)));
    }
    return reader.apply(text);
  }

  private static Layer convolution(LayerText text) {
    List<Integer> kernel = text.sides("kernel");
    int padding = text.integer("padding", 0);
    return new Convolution(
            text.name(),
            text.input(),
            text.integer("maps"),
            kernel.get(0),
            kernel.get(1),
            text.integer("stride", 1),
            Padding.of(padding, padding),
            /* groups= */ 1)
        .with(text.initialization());
  }
}
