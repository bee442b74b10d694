package io.gradcast.engine.net;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigSyntax;
import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Nearest;
import io.gradcast.engine.layer.Initialization;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.layer.Loss;
import io.gradcast.engine.tensor.Shape;
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
 * @param severalLabels whether a sample may have any number of labels; else it has one
 * @param classWeights by which a sample's loss is multiplied, one for each class, or of several
 *     labels the term of each; empty for none
 * @param normalization of inputs
 * @param text the same network as JSON with sorted keys: equal networks have equal texts
 */
public record NetworkSpec(
    String name,
    Shape input,
    List<Layer> layers,
    Loss loss,
    boolean severalLabels,
    List<Float> classWeights,
    Normalization normalization,
    String text) {

  static final String NORMALIZE = "normalize";
  static final String CLASS_WEIGHTS = "class-weights";

  /** One or several a sample. */
  static final String LABELS = "labels";

  static final String SEVERAL = "several";

  private static final Set<String> KEYS =
      Set.of(
          "name", "classes", "input", NORMALIZE, "init", "layers", "loss", LABELS, CLASS_WEIGHTS);

  /**
   * Reads a network that leaves nothing to the data.
   *
   * @param origin where the text is from, for messages
   */
  public static NetworkSpec parse(String text, String origin) {
    return NetworkText.parse(text, origin).resolve(DataFacts.NONE);
  }

  /** Reads a network as {@link #text} gives it; nothing but JSON is understood. */
  public static NetworkSpec parseJson(String text, String origin) {
    return NetworkText.parse(text, origin, ConfigSyntax.JSON).resolve(DataFacts.NONE);
  }

  /** One of the networks that come with Gradcast, by its name. */
  public static NetworkSpec named(String name) {
    return NetworkText.named(name).resolve(DataFacts.NONE);
  }

  static NetworkSpec read(Config config, String text) {
    for (String key : config.root().keySet()) {
      if (!KEYS.contains(key)) {
        throw GradcastException.usage(
            "the network: there is no key %s. %s".formatted(key, Nearest.question(key, KEYS)));
      }
    }
    List<Integer> sides = config.getIntList("input");
    if (sides.size() != 3) {
      throw GradcastException.usage("input: expected [channels, height, width], found " + sides);
    }
    Shape input = new Shape(sides.get(0), sides.get(1), sides.get(2));
    Initialization init =
        config.hasPath("init")
            ? LayerText.initialization(config.getString("init"), "the network")
            : Initialization.GLOROT_UNIFORM;
    List<Layer> layers = LayerText.layers(config.getConfigList("layers"), input, init);
    if (layers.isEmpty()) {
      throw GradcastException.usage("layers: expected 1 or more, found none");
    }
    Loss loss = LossTypes.read(config);
    return new NetworkSpec(
        config.getString("name"),
        input,
        layers,
        loss,
        severalLabels(config, loss),
        classWeights(config, layers.get(layers.size() - 1).output().size()),
        normalization(config, input.channels()),
        text);
  }

  private static boolean severalLabels(Config config, Loss loss) {
    String labels = config.hasPath(LABELS) ? config.getString(LABELS) : "one";
    boolean several = labels.equals(SEVERAL);
    GradcastException.require(
        several || labels.equals("one"), LABELS, "one or several a sample", labels);
    if (several && !loss.takesSeveralLabels()) {
      throw GradcastException.usage(
          "loss %s: expected one label a sample, found several; binary-cross-entropy takes these"
              .formatted(loss.name()));
    }
    return several;
  }

  private static List<Float> classWeights(Config config, int classes) {
    if (!config.hasPath(CLASS_WEIGHTS) || isNone(config, CLASS_WEIGHTS)) {
      return List.of();
    }
    List<Float> weights = floats(config, CLASS_WEIGHTS);
    boolean positive = weights.stream().allMatch(it -> Float.isFinite(it) && it > 0);
    if (weights.size() != classes || !positive) {
      throw GradcastException.usage(
          "class-weights: expected %d numbers above 0, found %s".formatted(classes, weights));
    }
    return weights;
  }

  private static Normalization normalization(Config config, int channels) {
    if (!config.hasPath(NORMALIZE) || isNone(config, NORMALIZE)) {
      return Normalization.NONE;
    }
    Config text = config.getConfig(NORMALIZE);
    Normalization normalization =
        new Normalization(floats(text, "mean"), floats(text, "deviation"));
    normalization.requireChannels(channels);
    return normalization;
  }

  private static boolean isNone(Config config, String key) {
    return config.getValue(key).unwrapped().equals("none");
  }

  private static List<Float> floats(Config text, String key) {
    return text.getDoubleList(key).stream().map(Double::floatValue).toList();
  }
}
