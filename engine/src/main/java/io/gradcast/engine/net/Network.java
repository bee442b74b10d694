package io.gradcast.engine.net;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.layer.Flatten;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A network: layers with their places in the one array of all parameters. It holds no parameters
 * and no activations, and may be shared by threads.
 */
public final class Network {

  /** Parameters that one network may have: 1 GiB of them. */
  private static final long MOST_PARAMETERS = 1L << 28;

  private final NetworkSpec spec;
  private final List<Layer> layers;
  private final int[] offsets;
  private final List<Tensor> tensors;
  private final int parameterCount;

  public Network(NetworkSpec spec) {
    this.spec = spec;
    layers = spec.layers();
    offsets = new int[layers.size()];
    tensors = new ArrayList<>();
    long count = 0;
    for (int i = 0; i < layers.size(); i++) {
      offsets[i] = (int) count;
      for (Tensor tensor : layers.get(i).tensors()) {
        tensors.add(inFileOrder(tensor, i).shifted(offsets[i]));
        count += tensor.size();
      }
      if (count > MOST_PARAMETERS) {
        throw GradcastException.usage(
            "network %s: expected at most %d parameters, found %d up to layer %s"
                .formatted(spec.name(), MOST_PARAMETERS, count, layers.get(i).name()));
      }
    }
    parameterCount = (int) count;
  }

  /** Model files know no column scan: behind one, the columns of a weight are put row-major. */
  private Tensor inFileOrder(Tensor tensor, int layer) {
    if (layer > 0
        && layers.get(layer - 1) instanceof Flatten flatten
        && tensor.shape().size() == 2) {
      int columns = flatten.output().size();
      return new Tensor(
          tensor.name(),
          tensor.shape(),
          tensor.offset(),
          i -> i / columns * columns + flatten.position(i % columns));
    }
    return tensor;
  }

  public NetworkSpec spec() {
    return spec;
  }

  public List<Layer> layers() {
    return layers;
  }

  /** The name of a layer by its index, the loss standing behind the last. */
  public String layerName(int index) {
    return index < layers.size() ? layers.get(index).name() : spec.loss().name();
  }

  public Shape input() {
    return spec.input();
  }

  /** Outputs of the last layer: one a class. */
  public int classes() {
    return layers.get(layers.size() - 1).output().size();
  }

  /** All parameters by name, in the order of the layers. */
  public List<Tensor> tensors() {
    return List.copyOf(tensors);
  }

  public int parameterCount() {
    return parameterCount;
  }

  /** New initial parameters, a function of the seed alone. */
  public float[] initialParameters(long seed) {
    float[] parameters = new float[parameterCount];
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).initialize(seed, i, parameters, offsets[i]);
    }
    return parameters;
  }

  /**
   * Adds the exact gradient and loss of some samples to a sum. Samples go through in groups of
   * {@value Kernels#LANES}, in any grouping with the same result.
   *
   * @param rows which samples: elements {@code from} to {@code to} - 1
   * @param batchSize samples in the whole minibatch, from which the range of a sum is known
   */
  public void gradient(
      Samples samples,
      int[] rows,
      int from,
      int to,
      float[] parameters,
      int batchSize,
      Workspace workspace,
      GradientSum sum) {
    float limit = FixedPoint.limit(batchSize);
    for (int first = from; first < to; first += Kernels.LANES) {
      int lanes = Math.min(Kernels.LANES, to - first);
      forward(samples, rows, first, lanes, parameters, workspace);
      lossAndGradient(lanes, workspace);
      if (!sum.addLosses(workspace.losses, lanes, limit)) {
        sum.markDiverged(layers.size());
      }
      backward(parameters, workspace, sum, limit);
    }
  }

  private void lossAndGradient(int lanes, Workspace workspace) {
    spec.loss()
        .lossAndGradient(
            workspace.kernels,
            workspace.output(),
            classes(),
            workspace.labels,
            lanes,
            workspace.outputGradient(),
            workspace.losses);
  }

  private void backward(float[] parameters, Workspace workspace, GradientSum sum, float limit) {
    for (int i = layers.size() - 1; i >= 0; i--) {
      boolean inRange =
          layers
              .get(i)
              .backward(
                  workspace.kernels,
                  parameters,
                  offsets[i],
                  workspace.activations[i],
                  workspace.activations[i + 1],
                  workspace.gradients[i + 1],
                  workspace.gradients[i],
                  sum,
                  limit);
      if (!inRange) {
        sum.markDiverged(i);
      }
    }
  }

  /** Adds the losses and predictions of some samples to an evaluation. */
  public void evaluate(
      Samples samples,
      int[] rows,
      int from,
      int to,
      float[] parameters,
      Workspace workspace,
      Evaluation evaluation) {
    for (int first = from; first < to; first += Kernels.LANES) {
      int lanes = Math.min(Kernels.LANES, to - first);
      forward(samples, rows, first, lanes, parameters, workspace);
      lossAndGradient(lanes, workspace);
      for (int lane = 0; lane < lanes; lane++) {
        evaluation.add(workspace.labels[lane], workspace.predicted(lane), workspace.losses[lane]);
      }
    }
  }

  /**
   * Computes the outputs of up to {@value Kernels#LANES} samples; they are in the workspace
   * afterwards. Empty lanes repeat the last sample, so that nothing in them can overflow by itself.
   */
  public void forward(
      Samples samples, int[] rows, int first, int lanes, float[] parameters, Workspace workspace) {
    for (int lane = 0; lane < Kernels.LANES; lane++) {
      int row = rows[first + Math.min(lane, lanes - 1)];
      workspace.starts[lane] = samples.start(row);
      workspace.labels[lane] = samples.label(row);
    }
    workspace.kernels.unpack(
        samples.pixels(), workspace.starts, input().size(), workspace.activations[0]);
    for (int i = 0; i < layers.size(); i++) {
      layers
          .get(i)
          .forward(
              workspace.kernels,
              parameters,
              offsets[i],
              workspace.activations[i],
              workspace.activations[i + 1]);
    }
  }
}
