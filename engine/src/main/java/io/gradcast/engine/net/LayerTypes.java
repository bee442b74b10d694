package io.gradcast.engine.net;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Nearest;
import io.gradcast.engine.kernel.Padding;
import io.gradcast.engine.layer.Convolution;
import io.gradcast.engine.layer.Dense;
import io.gradcast.engine.layer.Dropout;
import io.gradcast.engine.layer.Flatten;
import io.gradcast.engine.layer.Gelu;
import io.gradcast.engine.layer.GlobalMeanPooling;
import io.gradcast.engine.layer.GroupNorm;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.layer.LayerNorm;
import io.gradcast.engine.layer.MaxPooling;
import io.gradcast.engine.layer.MeanPooling;
import io.gradcast.engine.layer.Relu;
import io.gradcast.engine.layer.Residual;
import io.gradcast.engine.layer.Sigmoid;
import io.gradcast.engine.layer.Silu;
import io.gradcast.engine.layer.Softmax;
import io.gradcast.engine.layer.Tanh;
import io.gradcast.engine.tensor.Shape;
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
              Map.entry("global-mean-pool", t -> new GlobalMeanPooling(t.name(), t.input())),
              Map.entry("group-norm", t -> new GroupNorm(t.name(), t.input(), t.integer("groups"))),
              Map.entry("layer-norm", t -> new LayerNorm(t.name(), t.input())),
              Map.entry(
                  "leaky-relu",
                  t -> new Relu(t.name(), t.input(), (float) t.number("slope", LEAKY_SLOPE))),
              Map.entry("max-pool", LayerTypes::maxPooling),
              Map.entry("mean-pool", LayerTypes::meanPooling),
              Map.entry("relu", t -> new Relu(t.name(), t.input(), 0f)),
              Map.entry(
                  "residual",
                  t -> new Residual(t.name(), t.input(), t.chain("layers"), t.chain("shortcut"))),
              Map.entry("sigmoid", t -> new Sigmoid(t.name(), t.input())),
              Map.entry("silu", t -> new Silu(t.name(), t.input())),
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

  private static Layer meanPooling(LayerText text) {
    int size = text.integer("size");
    return new MeanPooling(text.name(), text.input(), size, text.integer("stride", size));
  }

  private static Layer maxPooling(LayerText text) {
    int size = text.integer("size");
    return new MaxPooling(text.name(), text.input(), size, text.integer("stride", size));
  }

  private static Layer convolution(LayerText text) {
    String name = text.name();
    Shape input = text.input();
    int maps = text.integer("maps");
    List<Integer> kernel = text.sides("kernel");
    int rows = kernel.get(0);
    int columns = kernel.get(1);
    int stride = text.integer("stride", 1);
    int groups = text.integer("groups", 1);
    Convolution convolution;
    if (text.isWord("padding", "same")) {
      convolution = Convolution.same(name, input, maps, rows, columns, stride, groups);
    } else {
      List<Integer> sides = text.sides("padding", 0);
      Padding padding = Padding.of(sides.get(0), sides.get(1));
      convolution = new Convolution(name, input, maps, rows, columns, stride, padding, groups);
    }
    return convolution.with(text.initialization());
  }
}
