package io.gradcast.engine.model;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.optim.Optimizer;
import io.gradcast.engine.optim.Updater;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How far a training is, between two minibatches: all that it needs to go on, beside what it was
 * started with.
 *
 * @param measurements that were made so far, without one that is only made because a training ends
 * @param epoch that comes next or is begun, from 0
 * @param minibatch of that epoch that comes next, from 0
 * @param parameters in the layout of the network
 * @param mirrors arrays in the same layout, by name: what the optimizer remembers, and the {@value
 *     #BEST} parameters, where they are kept
 * @param lossSum sum of the losses of the samples since the last measurement
 * @param right those of them that were predicted rightly
 * @param nanos of training alone so far
 * @param sinceNanos those of them that were spent since the last measurement
 * @param busyNanos spent on the minibatches' arithmetic so far, summed over threads
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record TrainingState(
    List<Measurement> measurements,
    int epoch,
    int minibatch,
    float[] parameters,
    Map<String, float[]> mirrors,
    double lossSum,
    long right,
    long nanos,
    long sinceNanos,
    long busyNanos) {

  /** Parameters of the best measurement so far. */
  public static final String BEST = "best";

  public TrainingState {
    measurements = List.copyOf(measurements);
  }

  /**
   * Before the first update of a training.
   *
   * @param parameters that it begins with, in the layout of the network; kept, not copied
   * @param where they are from, for messages
   * @throws GradcastException of kind MODEL, where the network has not as many
   */
  public static TrainingState start(
      Network network, Optimizer optimizer, float[] parameters, String where) {
    if (parameters.length != network.parameterCount()) {
      throw GradcastException.model(
          "%s: expected %,d parameters, as the network has, found %,d"
              .formatted(where, network.parameterCount(), parameters.length));
    }
    Map<String, float[]> states = Updater.newStates(optimizer, parameters.length);
    return new TrainingState(List.of(), 0, 0, parameters, states, 0, 0, 0, 0, 0);
  }

  /**
   * Checks that it has the arrays that a training needs, and no others.
   *
   * @param keepsBest whether the best parameters are kept, once something was measured
   * @throws GradcastException of kind MODEL, where that is not so
   */
  public void requireMirrors(Optimizer optimizer, boolean keepsBest) {
    List<String> expected = new ArrayList<>(optimizer.stateNames());
    if (keepsBest && !measurements.isEmpty()) {
      expected.add(BEST);
    }
    if (!expected.equals(List.copyOf(mirrors.keySet()))) {
      throw GradcastException.model(
          "state of a training: expected the arrays %s, found %s"
              .formatted(expected, mirrors.keySet()));
    }
  }
}
