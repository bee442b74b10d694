package io.gradcast.engine.train;

import io.gradcast.engine.model.TrainingState;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Where a training starts, when its state is kept, and how long it may take.
 *
 * @param from a state to go on from; where there is none, the initial parameters of the seed
 * @param every so many iterations, counted from the start of the training over all epochs, the
 *     keeper gets the state, and at the end; from 1. What falls on a measurement comes after it, so
 *     the minibatches of an epoch are the interval of those who want epochs
 * @param keeper may take its time; what it throws ends the training
 * @param timeIsUp is asked after each update and each measurement, on whatever thread made it; once
 *     it says so, the training ends there as at its end, and the state that is kept can be gone on
 *     from
 */
public record CheckpointPlan(
    Optional<TrainingState> from,
    long every,
    Consumer<TrainingState> keeper,
    BooleanSupplier timeIsUp) {

  /** Starts at the start and keeps nothing. */
  public static final CheckpointPlan NONE =
      new CheckpointPlan(Optional.empty(), Long.MAX_VALUE, state -> {});

  /** With all the time that it takes. */
  public CheckpointPlan(Optional<TrainingState> from, long every, Consumer<TrainingState> keeper) {
    this(from, every, keeper, () -> false);
  }

  /** The same until its time is up. */
  public CheckpointPlan until(BooleanSupplier newTimeIsUp) {
    return new CheckpointPlan(from, every, keeper, newTimeIsUp);
  }
}
