package io.gradcast.engine.train;

/** Is told how training goes, on the thread that trains. */
public interface TrainingListener {

  /** For whoever does not want to know. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * After each update.
   *
   * @param epoch from 1
   * @param iteration from 1, within the epoch
   * @param loss mean over the minibatch
   */
  default void iterationEnded(int epoch, int iteration, double loss) {}

  /** After each epoch, evaluation included. */
  default void epochEnded(EpochMetrics metrics) {}
}
