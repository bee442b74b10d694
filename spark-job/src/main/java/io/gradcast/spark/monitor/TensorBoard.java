package io.gradcast.spark.monitor;

import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;

/**
 * Writes how a training goes to TensorBoard's event files; a step is an iteration, counted over all
 * epochs. A folder that can no longer be written to is said once and ends no training.
 */
public final class TensorBoard implements TrainingListener, AutoCloseable {

  private static final String KEY = "tensorboard";

  /** Points of the loss of iterations that an epoch has at most; each is a mean. */
  private static final int MOST_POINTS = 1000;

  private final Path folder;
  private final int iterations;
  private final int iterationsPerPoint;
  private final String watched;
  private final Consumer<String> warning;

  /** Null where nothing is written, or could not be. */
  private EventFiles files;

  private double lossSum;
  private int losses;

  private TensorBoard(
      Path folder, int iterations, String watched, Consumer<String> warning, EventFiles files) {
    this.folder = folder;
    this.iterations = iterations;
    this.watched = watched;
    this.warning = warning;
    this.files = files;
    iterationsPerPoint = (iterations + MOST_POINTS - 1) / MOST_POINTS;
  }

  /**
   * Starts on a folder, which is made where it is not there.
   *
   * @param uri of the folder; where it is empty, nothing is written
   * @param iterations of an epoch
   * @param done iterations that this run does not do again, of all epochs; later ones of an earlier
   *     run are void
   * @param watched which data measurements are made on, in a word
   * @param warning gets a sentence if the folder can no longer be written to
   */
  public static TensorBoard open(
      Storage storage,
      String uri,
      int iterations,
      long done,
      String watched,
      Consumer<String> warning) {
    if (uri.isEmpty()) {
      return new TensorBoard(null, iterations, watched, warning, null);
    }
    Path folder = Storage.path(KEY, uri);
    try {
      EventFiles files = new EventFiles(storage, folder, done + 1);
      return new TensorBoard(folder, iterations, watched, warning, files);
    } catch (IOException e) {
      throw Storage.notWritable(KEY, folder, e);
    }
  }

  @Override
  public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
    lossSum += loss;
    losses++;
    if (iteration % iterationsPerPoint == 0 || iteration == iterations) {
      double mean = lossSum / losses;
      write(to -> to.scalar(step(epoch, iteration), "loss/iteration", mean));
      lossSum = 0;
      losses = 0;
    }
  }

  @Override
  public void measured(Measurement measurement) {
    long step = measurement.iteration();
    write(
        to -> {
          to.scalar(step, "loss/train", measurement.trainLoss());
          to.scalar(step, "loss/" + watched, measurement.evaluation().loss());
          to.scalar(step, "accuracy/train", measurement.trainAccuracy());
          to.scalar(step, "accuracy/" + watched, measurement.evaluation().accuracy());
          to.scalar(step, "learning rate", measurement.learningRate());
          to.scalar(step, "speed/samples per second", measurement.samplesPerSecond());
          to.flush();
        });
  }

  private long step(int epoch, int iteration) {
    return (epoch - 1L) * iterations + iteration;
  }

  @Override
  public void close() {
    write(EventFiles::close);
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(EventFiles files) throws IOException;
  }

  private void write(Content content) {
    if (files == null) {
      return;
    }
    try {
      content.writeTo(files);
    } catch (IOException e) {
      files = null;
      warning.accept(Storage.notWritable(KEY, folder, e).getMessage() + "; going on without");
    }
  }
}
