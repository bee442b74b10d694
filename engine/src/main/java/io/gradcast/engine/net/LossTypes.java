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

/** The losses by their types in network texts: a name, or an object of its type and the rest. */
final class LossTypes {

  private static final String SMOOTHING = "smoothing";
  private static final List<String> TYPES =
      List.of("binary-cross-entropy", "softmax-cross-entropy", "squared-error");

  private LossTypes() {}

  static Loss read(Config network) {
    if (network.getValue("loss").valueType() != ConfigValueType.OBJECT) {
      return loss(network.getString("loss"), 0);
    }
    Config text = network.getConfig("loss");
    String type = text.getString("type");
    Loss loss = loss(type, text.hasPath(SMOOTHING) ? text.getDouble(SMOOTHING) : 0);
    Set<String> known =
        loss instanceof SoftmaxCrossEntropy ? Set.of("type", SMOOTHING) : Set.of("type");
    for (String key : text.root().keySet()) {
      if (!known.contains(key)) {
        throw GradcastException.usage(
            "loss %s: there is no key %s. %s".formatted(type, key, Nearest.question(key, known)));
      }
    }
    return loss;
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
}
