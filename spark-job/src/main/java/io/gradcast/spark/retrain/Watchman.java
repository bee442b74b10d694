package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.store.StoreLock;
import java.util.Optional;

/** Ends a training that is in vain: the lock is lost, or the loss grows and grows. */
final class Watchman implements TrainingListener {

  /** So many times the loss of the first measurement is no way to learn. */
  private static final double EXPLODED = 10;

  private final StoreLock lock;
  private double first;

  Watchman(StoreLock lock, Optional<TrainingState> from) {
    this.lock = lock;
    first =
        from.flatMap(state -> state.measurements().stream().findFirst())
            .map(Measurement::trainLoss)
            .orElse(Double.NaN);
  }

  @Override
  public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
    lock.requireHeld();
  }

  @Override
  public void measured(Measurement measurement) {
    double loss = measurement.trainLoss();
    if (Double.isNaN(first)) {
      first = loss;
    }
    if (!(loss <= EXPLODED * first)) {
      throw new GradcastException(
          Kind.DIVERGED,
          "training diverged in epoch %d: expected a loss of at most %s times the %.5g of the first measurement, found %.5g; try a smaller learning rate"
              .formatted(measurement.epoch(), EXPLODED, first, loss));
    }
  }
}
