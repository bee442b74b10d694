package io.gradcast.spark.cluster;

import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.train.TrainingListener;
import java.util.concurrent.CompletableFuture;

/**
 * Something that happens in the middle of the first epoch, and what is waited for before the second
 * begins.
 */
final class Fault implements TrainingListener {

  private static final int ITERATION = 4;

  private final Runnable strike;
  private final Runnable meanwhile;
  private final Runnable aftermath;
  private volatile CompletableFuture<?> struck;

  private Fault(Runnable strike, Runnable meanwhile, Runnable aftermath) {
    this.strike = strike;
    this.meanwhile = meanwhile;
    this.aftermath = aftermath;
  }

  /** No fault, to which one may be added. */
  static Fault none() {
    return new Fault(() -> {}, () -> {}, () -> {});
  }

  /** A fault that is done at once, such as a signal to a process. */
  static Fault atOnce(Runnable strike) {
    return new Fault(strike, () -> {}, () -> {});
  }

  /**
   * With something that takes its time, and so has a thread: the one that trains may not be held
   * up. The second epoch does not begin before it has returned.
   */
  Fault meanwhile(Runnable newMeanwhile) {
    return new Fault(strike, newMeanwhile, aftermath);
  }

  /** With something to wait for when the first epoch has ended. */
  Fault then(Runnable newAftermath) {
    return new Fault(strike, meanwhile, newAftermath);
  }

  @Override
  public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
    if (epoch == 1 && iteration == ITERATION) {
      strike.run();
      struck = CompletableFuture.runAsync(meanwhile, task -> new Thread(task, "fault").start());
    }
  }

  @Override
  public void measured(Measurement measurement) {
    if (measurement.epoch() == 1) {
      Await.until("the fault is done", () -> struck.isDone());
      struck.join();
      aftermath.run();
    }
  }
}
