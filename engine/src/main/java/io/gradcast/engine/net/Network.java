package io.gradcast.engine.net;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.SampleType;
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

  /** Of each class's samples; empty for none, and where samples have several labels. */
  private final float[] classWeights;

  /** Of each class's term in the loss. */
  private final float[] termWeights;

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
    boolean weighted = !spec.classWeights().isEmpty();
    float[] weights = new float[classes()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weighted ? spec.classWeights().get(i) : 1;
    }
    float[] ones = new float[classes()];
    Arrays.fill(ones, 1);
    classWeights = weighted && !spec.severalLabels() ? weights : new float[0];
    termWeights = spec.severalLabels() ? weights : ones;
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

  /** The samples that it can be given. */
  public SampleType takes() {
    return new SampleType(input(), classes(), spec.severalLabels());
  }

  /** What of them is evaluated, as yet of none. */
  public Evaluation newEvaluation() {
    return new Evaluation(classes(), spec.severalLabels());
  }

  /** What of them is examined, as yet of none. */
  public Examination newExamination() {
    return new Examination(classes(), spec.severalLabels());
  }

  float[] termWeights() {
    return termWeights;
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
   * Adds the exact gradient and loss of some samples, and whether each is predicted, to a sum.
   * Samples go through in groups of {@value Kernels#LANES}, in any grouping with the same result.
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
      for (int lane = 0; lane < lanes; lane++) {
        if (workspace.isRight(lane)) {
          sum.addRight();
        }
      }
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
            workspace.targets,
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
        workspace.addTo(evaluation, lane);
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
    float[] scores = new float[classes()];
    Lanes outputs = Lanes.of(classes());
    for (int first = from; first < to; first += Kernels.LANES) {
      int lanes = Math.min(Kernels.LANES, to - first);
      forward(samples, rows, first, lanes, parameters, workspace);
      lossAndGradient(lanes, workspace);
      workspace.output().copyTo(outputs, classes());
      spec.loss().scores(workspace.pass.kernels, outputs, classes());
      for (int lane = 0; lane < lanes; lane++) {
        int row = rows[first + lane];
        outputs.copyLane(lane, scores);
        workspace.addTo(examination, lane, scores, () -> samples.image(row));
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

  /**
   * Turns the outputs of a forward pass into scores of the classes, from 0 to 1. What is predicted
   * is to be read before.
   */
  public void scores(Workspace workspace) {
    spec.loss().scores(workspace.pass.kernels, workspace.output(), classes());
  }

  private void pass(
      Samples samples, int[] rows, int first, int lanes, float[] parameters, Workspace workspace) {
    for (int lane = 0; lane < Kernels.LANES; lane++) {
      int row = rows[first + Math.min(lane, lanes - 1)];
      workspace.starts[lane] = samples.start(row);
      workspace.pass.ids[lane] = samples.ids()[row];
      workspace.setTarget(lane, samples, row);
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
