package io.gradcast.engine.model;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.net.Network;
import java.util.List;

/**
 * A trained network with all that is needed to apply it.
 *
 * @param parameters in the layout of the network
 * @param classes the name of each output
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Model(
    Network network, float[] parameters, List<String> classes, Provenance provenance) {

  public Model {
    if (parameters.length != network.parameterCount() || classes.size() != network.classes()) {
      throw GradcastException.model(
          "model: expected %d parameters and %d classes, found %d and %d"
              .formatted(
                  network.parameterCount(), network.classes(), parameters.length, classes.size()));
    }
  }
}
