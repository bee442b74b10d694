package io.gradcast.engine.train;

import io.gradcast.engine.model.TrainingState;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a training starts, and when its state is kept.
 *
 * @param from a state to go on from; where there is none, the initial parameters of the seed
 * @param every so many iterations, counted from the start of the training over all epochs, the
 *     keeper gets the state, and at the end; from 1. What falls on a measurement comes after it, so
 *     the minibatches of an epoch are the interval of those who want epochs
 * @param keeper may take its time; what it throws ends the training
 */
public record CheckpointPlan(
    Optional<TrainingState> from, long every, Consumer<TrainingState> keeper) {

  /** Starts at the start and keeps nothing. */
  public static final CheckpointPlan NONE =
      new CheckpointPlan(Optional.empty(), Long.MAX_VALUE, state -> {});
}
