package io.gradcast.spark.report;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Prediction;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.layer.Flatten;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What one sample becomes on its way through the layers.
 *
 * @param scores one a class: what the outputs stand for
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Activations(List<Step> steps, float[] scores) {

  /** Maps of a layer that are shown. */
  private static final int MOST_MAPS = 24;

  /** Elements in a row of a vector's picture. */
  private static final int ROW = 32;

  /**
   * One step of the way.
   *
   * @param layers whose work it shows: one, and those that work in place behind it
   * @param largest magnitude, which has the full colour
   * @param vector whether it is one picture of a vector, not one a map
   */
  record Step(String layers, Shape shape, float largest, boolean vector, List<String> pictures) {}

  static Activations of(Model model, Prediction example) {
    Network network = model.network();
    // What its labels are has no part in this.
    Samples sample =
        new Samples(
            network.input(),
            new long[] {example.id()},
            example.pixels(),
            new int[network.spec().severalLabels() ? network.classes() : 1],
            network.spec().severalLabels() ? network.classes() : 0);
    Workspace workspace = new Workspace(network, Kernels.best());
    network.forward(sample, new int[] {0}, 0, 1, model.parameters(), workspace);
    List<Step> steps = new ArrayList<>();
    List<Layer> layers = network.layers();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      names.add(layer.name());
      // What is overwritten by the next layer cannot be shown, and a flattened map was shown.
      boolean gone =
          i + 1 < layers.size() && workspace.activation(i).equals(workspace.activation(i + 1));
      if (!gone && !(layer instanceof Flatten)) {
        steps.add(step(String.join(", ", names), layer.output(), workspace.activation(i)));
      }
      if (!gone) {
        names.clear();
      }
    }
    network.forward(sample, new int[] {0}, 0, 1, model.parameters(), workspace);
    network.scores(workspace);
    float[] scores = new float[network.classes()];
    workspace.output().copyLane(0, scores);
    return new Activations(steps, scores);
  }

  private static Step step(String names, Shape shape, Lanes activation) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = activation.get(i, 0);
    }
    boolean vector = shape.height() == 1 && shape.width() == 1;
    List<Plane> planes = vector ? List.of(row(values)) : Plane.of(values, shape);
    float largest = Plane.largest(planes);
    float full = largest > 0 ? largest : 1;
    List<String> pictures =
        planes.stream()
            .limit(MOST_MAPS)
            .map(plane -> Pictures.signed(plane.dividedBy(full)))
            .toList();
    return new Step(names, shape, largest, vector, pictures);
  }

  /** A vector in rows, the last filled up with zeros. */
  private static Plane row(float[] values) {
    int width = Math.min(ROW, values.length);
    int height = (values.length + width - 1) / width;
    float[] filled = new float[height * width];
    System.arraycopy(values, 0, filled, 0, values.length);
    return new Plane(height, width, filled);
  }
}
