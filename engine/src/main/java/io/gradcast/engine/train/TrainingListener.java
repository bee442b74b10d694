package io.gradcast.engine.train;

import io.gradcast.engine.eval.Measurement;

/** Is told how training goes, one call at a time. */
public interface TrainingListener {

  /** For whoever does not want to know. */
  TrainingListener NONE = new TrainingListener() {};

  /** One that tells each of several, in their order. */
  static TrainingListener of(TrainingListener... listeners) {
    return new TrainingListener() {
      @Override
      public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
        for (TrainingListener listener : listeners) {
          listener.iterationEnded(epoch, iteration, loss, busyNanos);
        }
      }

      @Override
      public void measured(Measurement measurement) {
        for (TrainingListener listener : listeners) {
          listener.measured(measurement);
        }
      }
    };
  }

  /**
   * After each update, on whatever thread made it; a moment's work at most.
   *
   * @param epoch from 1
   * @param iteration from 1, within the epoch
   * @param loss mean over the minibatch
   * @param busyNanos time spent on its arithmetic, summed over threads
   */
  default void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {}

  /** After each measurement: of each epoch, where nothing else was asked for. */
  default void measured(Measurement measurement) {}
}
