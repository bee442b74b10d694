package io.gradcast.engine.net;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Nearest;
import io.gradcast.engine.layer.BinaryCrossEntropy;
import io.gradcast.engine.layer.Loss;
import io.gradcast.engine.layer.SoftmaxCrossEntropy;
import io.gradcast.engine.layer.SquaredError;
import java.util.List;
import java.util.Set;

/**
 * The loss of a network's text: its name, or an object of its type and what else it has.
 *
 * @param classWeights one for each class, or none
 */
record LossText(Loss loss, List<Float> classWeights) {

  private static final String WEIGHTS = "class-weights";
  private static final String SMOOTHING = "smoothing";
  private static final List<String> TYPES =
      List.of("binary-cross-entropy", "softmax-cross-entropy", "squared-error");

  static LossText read(Config network, int classes) {
    if (network.getValue("loss").valueType() != ConfigValueType.OBJECT) {
      return new LossText(loss(network.getString("loss"), 0), List.of());
    }
    Config text = network.getConfig("loss");
    String type = text.getString("type");
    double smoothing = text.hasPath(SMOOTHING) ? text.getDouble(SMOOTHING) : 0;
    Loss loss = loss(type, smoothing);
    Set<String> known =
        loss instanceof SoftmaxCrossEntropy
            ? Set.of("type", WEIGHTS, SMOOTHING)
            : Set.of("type", WEIGHTS);
    for (String key : text.root().keySet()) {
      if (!known.contains(key)) {
        throw GradcastException.usage(
            "loss %s: there is no key %s. %s".formatted(type, key, Nearest.question(key, known)));
      }
    }
    List<Float> weights = text.hasPath(WEIGHTS) ? floats(text, WEIGHTS) : List.of();
    boolean positive = weights.stream().allMatch(it -> Float.isFinite(it) && it > 0);
    if (!weights.isEmpty() && (weights.size() != classes || !positive)) {
      throw GradcastException.usage(
          "loss: expected class-weights of %d numbers above 0, found %s"
              .formatted(classes, weights));
    }
    return new LossText(loss, weights);
  }

  /** A new loss gets one case here, and its name in the list. */
  private static Loss loss(String type, double smoothing) {
    return switch (type) {
      case "binary-cross-entropy" -> new BinaryCrossEntropy();
      case "softmax-cross-entropy" -> new SoftmaxCrossEntropy((float) smoothing);
      case "squared-error" -> new SquaredError();
      default ->
          throw GradcastException.usage(
              "loss: expected one of %s, found %s. %s"
                  .formatted(TYPES, type, Nearest.question(type, TYPES)));
    };
  }

  static List<Float> floats(Config text, String key) {
    return text.getDoubleList(key).stream().map(Double::floatValue).toList();
  }
}
