package io.gradcast.engine.net;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueType;
import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Nearest;
import io.gradcast.engine.layer.Convolution;
import io.gradcast.engine.layer.Dense;
import io.gradcast.engine.layer.Flatten;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.layer.Loss;
import io.gradcast.engine.layer.MeanPooling;
import io.gradcast.engine.layer.Sigmoid;
import io.gradcast.engine.layer.SquaredError;
import io.gradcast.engine.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A network as text (HOCON), read and checked:
 *
 * <pre>
 * name = zhang
 * input = [1, 28, 28]          # channels, height, width
 * layers = [
 *   { name = c1, type = conv, maps = 6, kernel = 5 }
 *   { type = sigmoid }
 *   ...
 * ]
 * loss = squared-error
 * </pre>
 *
 * @param name in messages and in the model
 * @param input one sample's shape
 * @param text the same network as JSON with sorted keys: equal networks have equal texts
 */
public record NetworkSpec(String name, Shape input, List<Layer> layers, Loss loss, String text) {

  private static final List<String> LAYER_TYPES =
      List.of("conv", "dense", "flatten", "mean-pool", "sigmoid");

  /** Deeper networks than this are taken for a mistake or an attack. */
  private static final int MOST_LAYERS = 1000;

  /**
   * Reads a network written by a user.
   *
   * @param origin where the text is from, for messages
   */
  public static NetworkSpec parse(String text, String origin) {
    return parse(text, origin, ConfigSyntax.CONF);
  }

  /** Reads a network as {@link #text} gives it; nothing but JSON is understood. */
  public static NetworkSpec parseJson(String text, String origin) {
    return parse(text, origin, ConfigSyntax.JSON);
  }

  /** One of the networks that come with Gradcast, by its name. */
  public static NetworkSpec named(String name) {
    String resource = "networks/" + name + ".net";
    try (InputStream in = GradcastException.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw GradcastException.usage(
            "network: expected the name of a network in conf/networks or a file, found " + name);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "network " + name);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + resource + " from our own jar", e);
    }
  }

  private static NetworkSpec parse(String text, String origin, ConfigSyntax syntax) {
    try {
      ConfigParseOptions options =
          ConfigParseOptions.defaults().setSyntax(syntax).setOriginDescription(origin);
      Config config = ConfigFactory.parseString(text, options).resolve();
      return read(config);
    } catch (ConfigException | IllegalArgumentException | ArithmeticException e) {
      throw new GradcastException(GradcastException.Kind.USAGE, origin + ": " + e.getMessage(), e);
    } catch (GradcastException e) {
      throw new GradcastException(e.kind(), origin + ": " + e.getMessage(), e);
    }
  }

  private static NetworkSpec read(Config config) {
    requireKnownKeys(config, "the network", Set.of("name", "input", "layers", "loss"));
    List<Integer> sides = config.getIntList("input");
    if (sides.size() != 3) {
      throw GradcastException.usage("input: expected [channels, height, width], found " + sides);
    }
    Shape input = new Shape(sides.get(0), sides.get(1), sides.get(2));
    List<? extends Config> texts = config.getConfigList("layers");
    if (texts.isEmpty() || texts.size() > MOST_LAYERS) {
      throw GradcastException.usage(
          "layers: expected 1 to %d layers, found %d".formatted(MOST_LAYERS, texts.size()));
    }
    List<Layer> layers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Shape shape = input;
    for (Config text : texts) {
      Layer layer = layer(text, layers.size() + 1, shape);
      if (!names.add(layer.name())) {
        throw GradcastException.usage("layers: the name " + layer.name() + " is there twice");
      }
      layers.add(layer);
      shape = layer.output();
    }
    Loss loss = loss(config.getString("loss"));
    String text = config.root().render(ConfigRenderOptions.concise());
    return new NetworkSpec(config.getString("name"), input, List.copyOf(layers), loss, text);
  }

  /** A new layer type gets one case here and one line in the list of types. */
  private static Layer layer(Config text, int number, Shape input) {
    String type = text.getString("type");
    String name = text.hasPath("name") ? text.getString("name") : type + "-" + number;
    return switch (type) {
      case "conv" -> {
        requireKnownKeys(
            text, "layer " + name, Set.of("type", "name", "maps", "kernel", "stride", "padding"));
        List<Integer> kernel = kernel(text, name);
        yield new Convolution(
            name,
            input,
            text.getInt("maps"),
            kernel.get(0),
            kernel.get(1),
            text.hasPath("stride") ? text.getInt("stride") : 1,
            text.hasPath("padding") ? text.getInt("padding") : 0);
      }
      case "mean-pool" -> {
        requireKnownKeys(text, "layer " + name, Set.of("type", "name", "size"));
        yield new MeanPooling(name, input, text.getInt("size"));
      }
      case "flatten" -> {
        requireKnownKeys(text, "layer " + name, Set.of("type", "name"));
        yield new Flatten(name, input);
      }
      case "dense" -> {
        requireKnownKeys(text, "layer " + name, Set.of("type", "name", "units"));
        yield new Dense(name, input, text.getInt("units"));
      }
      case "sigmoid" -> {
        requireKnownKeys(text, "layer " + name, Set.of("type", "name"));
        yield new Sigmoid(name, input);
      }
      default ->
          throw GradcastException.usage(
              "layer %s: expected a type of %s, found %s. %s"
                  .formatted(name, LAYER_TYPES, type, Nearest.question(type, LAYER_TYPES)));
    };
  }

  /** One number for a square kernel, or [rows, columns]. */
  private static List<Integer> kernel(Config text, String name) {
    if (text.getValue("kernel").valueType() != ConfigValueType.LIST) {
      return List.of(text.getInt("kernel"), text.getInt("kernel"));
    }
    List<Integer> sides = text.getIntList("kernel");
    if (sides.size() != 2) {
      throw GradcastException.usage(
          "layer %s (conv): expected a kernel of a number or [rows, columns], found %s"
              .formatted(name, sides));
    }
    return sides;
  }

  private static Loss loss(String name) {
    Loss loss = new SquaredError();
    if (!name.equals(loss.name())) {
      throw GradcastException.usage("loss: expected %s, found %s".formatted(loss.name(), name));
    }
    return loss;
  }

  private static void requireKnownKeys(Config config, String where, Set<String> known) {
    for (String key : config.root().keySet()) {
      if (!known.contains(key)) {
        throw GradcastException.usage(
            "%s: there is no key %s. %s".formatted(where, key, Nearest.question(key, known)));
      }
    }
  }
}
