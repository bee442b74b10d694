package io.gradcast.benchmarks;

import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;

/** How long a training takes to come up to speed: Java compiles what runs while it runs. */
final class WarmUp implements TrainingListener {

  private static final double WINDOW = 0.1;
  private static final double GOAL = 0.9;

  /** Seconds and iterations of windows of training alone, evaluations left out. */
  private final List<double[]> windows = new ArrayList<>();

  private long last = System.nanoTime();
  private double seconds;
  private int iterations;

  @Override
  public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
    long now = System.nanoTime();
    seconds += (now - last) * 1e-9;
    iterations++;
    last = now;
    if (seconds >= WINDOW) {
      windows.add(new double[] {seconds, iterations});
      seconds = 0;
      iterations = 0;
    }
  }

  @Override
  public void measured(Measurement measurement) {
    last = System.nanoTime();
  }

  /**
   * Seconds of training before the first tenth of a second at 90 % of the steady rate, which is the
   * median of the later half; NaN where there is too little to tell.
   */
  double secondsToSteady() {
    double[] rates =
        windows.stream().skip(windows.size() / 2).mapToDouble(w -> w[1] / w[0]).sorted().toArray();
    double before = 0;
    for (double[] window : windows) {
      if (window[1] / window[0] >= GOAL * rates[rates.length / 2]) {
        return before;
      }
      before += window[0];
    }
    return Double.NaN;
  }
}
