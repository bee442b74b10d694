package io.gradcast.engine.net;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.kernel.FixedPoint;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.layer.Chain;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A network: layers with their places in the one array of all parameters. It holds no parameters
 * and no activations, and may be shared by threads.
 */
public final class Network {

  private final NetworkSpec spec;
  private final Chain chain;
  private final float[] shifts;
  private final float[] scales;
  private final float[] classWeights;

  public Network(NetworkSpec spec) {
    this.spec = spec;
    try {
      chain = new Chain(spec.input(), spec.layers());
    } catch (GradcastException e) {
      throw new GradcastException(
          e.kind(), "network %s: %s".formatted(spec.name(), e.getMessage()), e);
    }
    shifts = spec.normalization().shifts();
    scales = spec.normalization().scales();
    classWeights = new float[spec.classWeights().size()];
    for (int i = 0; i < classWeights.length; i++) {
      classWeights[i] = spec.classWeights().get(i);
    }
  }

  public NetworkSpec spec() {
    return spec;
  }

  public List<Layer> layers() {
    return chain.layers();
  }

  Chain chain() {
    return chain;
  }

  /** The name of a layer by its index, the loss standing behind the last. */
  public String layerName(int index) {
    return index < layers().size() ? layers().get(index).name() : spec.loss().name();
  }

  public Shape input() {
    return spec.input();
  }

  /** Outputs of the last layer: one a class. */
  public int classes() {
    return chain.output().size();
  }

  /** All parameters by name, in the order of the layers. */
  public List<Tensor> tensors() {
    return chain.tensors();
  }

  public int parameterCount() {
    return chain.parameterCount();
  }

  /** New initial parameters, a function of the seed alone. */
  public float[] initialParameters(long seed) {
    float[] parameters = new float[parameterCount()];
    chain.initialize(seed, 0, parameters, 0);
    return parameters;
  }

  /**
   * Adds the exact gradient and loss of some samples to a sum. Samples go through in groups of
   * {@value Kernels#LANES}, in any grouping with the same result.
   *
   * @param rows which samples: elements {@code from} to {@code to} - 1
   * @param epoch from 0
   */
  public void gradient(
      Samples samples,
      int[] rows,
      int from,
      int to,
      float[] parameters,
      Recipe recipe,
      int epoch,
      Workspace workspace,
      GradientSum sum) {
    workspace.begin(recipe);
    workspace.pass.training = true;
    workspace.pass.seed = recipe.seed();
    workspace.pass.epoch = epoch;
    workspace.pass.sum = sum;
    workspace.pass.limit = FixedPoint.limit(recipe.batchSize());
    for (int first = from; first < to; first += Kernels.LANES) {
      int lanes = Math.min(Kernels.LANES, to - first);
      pass(samples, rows, first, lanes, parameters, workspace);
      lossAndGradient(lanes, workspace);
      if (!sum.addLosses(workspace.losses, lanes, workspace.pass.limit)) {
        sum.markDiverged(layers().size());
      }
      int worst = chain.backward(workspace.pass, 0, workspace.buffers);
      if (worst != Chain.IN_RANGE) {
        sum.markDiverged(worst);
      }
    }
    workspace.end();
  }

  private void lossAndGradient(int lanes, Workspace workspace) {
    spec.loss()
        .lossAndGradient(
            workspace.pass.kernels,
            workspace.output(),
            classes(),
            workspace.labels,
            lanes,
            workspace.outputGradient(),
            workspace.losses);
    if (classWeights.length > 0) {
      for (int lane = 0; lane < Kernels.LANES; lane++) {
        workspace.weights[lane] = classWeights[workspace.labels[lane]];
        workspace.losses[lane] *= workspace.weights[lane];
      }
      workspace.pass.kernels.scaleLanes(workspace.outputGradient(), classes(), workspace.weights);
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
    workspace.end();
  }

  /** Adds the predictions of some samples to an examination; arguments as for {@link #evaluate}. */
  public void examine(
      Samples samples,
      int[] rows,
      int from,
      int to,
      float[] parameters,
      Workspace workspace,
      Examination examination) {
    Kernels kernels = workspace.pass.kernels;
    float[] outputs = new float[classes()];
    float[] scores = new float[classes()];
    Lanes raw = Lanes.of(classes());
    int[] predicted = new int[Kernels.LANES];
    for (int first = from; first < to; first += Kernels.LANES) {
      int lanes = Math.min(Kernels.LANES, to - first);
      forward(samples, rows, first, lanes, parameters, workspace);
      lossAndGradient(lanes, workspace);
      Arrays.setAll(predicted, workspace::predicted);
      workspace.output().copyTo(raw, classes());
      spec.loss().scores(kernels, workspace.output(), classes());
      for (int lane = 0; lane < lanes; lane++) {
        int row = rows[first + lane];
        raw.copyLane(lane, outputs);
        workspace.output().copyLane(lane, scores);
        examination.add(
            samples.ids()[row],
            samples.label(row),
            predicted[lane],
            outputs,
            scores,
            workspace.losses[lane],
            () -> samples.image(row));
      }
    }
  }

  /**
   * Computes the outputs of up to {@value Kernels#LANES} samples, as they are before the loss; they
   * are in the workspace afterwards. Empty lanes repeat the last sample, so that nothing in them
   * can overflow by itself.
   */
  public void forward(
      Samples samples, int[] rows, int first, int lanes, float[] parameters, Workspace workspace) {
    workspace.pass.training = false;
    pass(samples, rows, first, lanes, parameters, workspace);
  }

  /** The same, with outputs as scores of the classes, from 0 to 1. */
  public void scores(
      Samples samples, int[] rows, int first, int lanes, float[] parameters, Workspace workspace) {
    forward(samples, rows, first, lanes, parameters, workspace);
    spec.loss().scores(workspace.pass.kernels, workspace.output(), classes());
  }

  private void pass(
      Samples samples, int[] rows, int first, int lanes, float[] parameters, Workspace workspace) {
    for (int lane = 0; lane < Kernels.LANES; lane++) {
      int row = rows[first + Math.min(lane, lanes - 1)];
      workspace.starts[lane] = samples.start(row);
      workspace.labels[lane] = samples.label(row);
      workspace.pass.ids[lane] = samples.ids()[row];
    }
    Kernels kernels = workspace.pass.kernels;
    workspace.unpack(samples.pixels());
    if (shifts.length > 0) {
      int plane = input().height() * input().width();
      kernels.shiftAndScale(workspace.input, input().channels(), plane, shifts, scales);
    }
    workspace.pass.parameters = parameters;
    chain.forward(workspace.pass, 0, workspace.buffers);
  }
}
