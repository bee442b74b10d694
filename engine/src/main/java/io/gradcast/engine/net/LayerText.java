package io.gradcast.engine.net;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Nearest;
import io.gradcast.engine.layer.Chain;
import io.gradcast.engine.layer.Initialization;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The text of one layer, whose keys a {@link LayerTypes} entry takes one by one. What it has not
 * taken by the end is a key that the layer does not have.
 */
final class LayerText {

  /** Residual layers within residual layers. */
  private static final int DEEPEST = 3;

  /** Deeper networks than this are taken for a mistake or an attack. */
  private static final int MOST_LAYERS = 1000;

  private final Config text;
  private final String prefix;
  private final Shape input;
  private final int number;
  private final int depth;
  private final Initialization fallback;
  private final AtomicInteger count;
  private final Set<String> taken = new HashSet<>(Set.of("type", "name"));

  private LayerText(
      Config text,
      String prefix,
      Shape input,
      int number,
      int depth,
      Initialization fallback,
      AtomicInteger count) {
    this.text = text;
    this.prefix = prefix;
    this.input = input;
    this.number = number;
    this.depth = depth;
    this.fallback = fallback;
    this.count = count;
  }

  /**
   * Reads the layers of a network.
   *
   * @param fallback how weights are drawn where a layer does not say
   */
  static List<Layer> layers(List<? extends Config> texts, Shape input, Initialization fallback) {
    return layers(texts, "", input, 0, fallback, new AtomicInteger());
  }

  private static List<Layer> layers(
      List<? extends Config> texts,
      String prefix,
      Shape input,
      int depth,
      Initialization fallback,
      AtomicInteger count) {
    List<Layer> layers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Shape shape = input;
    for (Config text : texts) {
      if (count.incrementAndGet() > MOST_LAYERS) {
        throw GradcastException.usage(
            "layers: expected at most %d, found more".formatted(MOST_LAYERS));
      }
      int number = layers.size() + 1;
      LayerText one = new LayerText(text, prefix, shape, number, depth, fallback, count);
      Layer layer = one.layer();
      if (!names.add(layer.name())) {
        throw GradcastException.usage("layers: the name " + layer.name() + " is there twice");
      }
      layers.add(layer);
      shape = layer.output();
    }
    return layers;
  }

  private Layer layer() {
    Layer layer = LayerTypes.read(text.getString("type"), this);
    for (String key : text.root().keySet()) {
      if (!taken.contains(key)) {
        throw GradcastException.usage(
            "layer %s: there is no key %s. %s"
                .formatted(name(), key, Nearest.question(key, taken)));
      }
    }
    return layer;
  }

  /** The given name, or type and number; behind those of the layers around it. */
  String name() {
    String own =
        text.hasPath("name") ? text.getString("name") : text.getString("type") + "-" + number;
    return prefix + own;
  }

  Shape input() {
    return input;
  }

  /** A number of this layer that no other of the network has. */
  int stream() {
    return count.get();
  }

  int integer(String key) {
    require(key);
    return text.getInt(key);
  }

  private void require(String key) {
    if (!has(key)) {
      throw GradcastException.usage(
          "layer %s (%s): expected the key %s, found %s"
              .formatted(name(), text.getString("type"), key, new TreeSet<>(text.root().keySet())));
    }
  }

  int integer(String key, int absent) {
    return has(key) ? text.getInt(key) : absent;
  }

  double number(String key, double absent) {
    return has(key) ? text.getDouble(key) : absent;
  }

  double number(String key) {
    require(key);
    return text.getDouble(key);
  }

  private boolean has(String key) {
    taken.add(key);
    return text.hasPath(key);
  }

  /** Whether the key has this word as its value. */
  boolean isWord(String key, String word) {
    return has(key) && text.getValue(key).unwrapped().equals(word);
  }

  /** One number for both sides, or [rows, columns]. */
  List<Integer> sides(String key) {
    require(key);
    if (text.getValue(key).valueType() != ConfigValueType.LIST) {
      return List.of(text.getInt(key), text.getInt(key));
    }
    List<Integer> sides = text.getIntList(key);
    if (sides.size() != 2) {
      throw GradcastException.usage(
          "layer %s (%s): expected a %s of a number or [rows, columns], found %s"
              .formatted(name(), text.getString("type"), key, sides));
    }
    return sides;
  }

  List<Integer> sides(String key, int absent) {
    return has(key) ? sides(key) : List.of(absent, absent);
  }

  /** How the layer's weights are drawn. */
  Initialization initialization() {
    return has("init") ? initialization(text.getString("init"), "layer " + name()) : fallback;
  }

  static Initialization initialization(String name, String where) {
    return Arrays.stream(Initialization.values())
        .filter(it -> it.text().equals(name))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> known =
                  Arrays.stream(Initialization.values()).map(Initialization::text).toList();
              return GradcastException.usage(
                  "%s: expected an init of %s, found %s. %s"
                      .formatted(where, known, name, Nearest.question(name, known)));
            });
  }

  /** Layers within this one; none where the key is not there. */
  Chain chain(String key) {
    if (depth == DEEPEST) {
      throw GradcastException.usage(
          "layer %s: expected layers within layers up to %d deep, found more"
              .formatted(name(), DEEPEST));
    }
    List<? extends Config> texts = has(key) ? text.getConfigList(key) : List.of();
    String inner = name() + "." + (key.equals("layers") ? "" : key + ".");
    return new Chain(input, layers(texts, inner, input, depth + 1, fallback, count));
  }
}
