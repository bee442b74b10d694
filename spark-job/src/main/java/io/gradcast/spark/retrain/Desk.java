package io.gradcast.spark.retrain;

import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.SparkTrainer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** What a run needs of whoever started it: a session, once there is work, and somebody to tell. */
public interface Desk {

  /** The session, which is started when it is asked for first. */
  SparkSession spark();

  /** Says something to a person, in a line. */
  void say(String line);

  /** What the command exits with for a failure. */
  int exitCode(RuntimeException failure);

  /**
   * Does some work of several Spark jobs and shows how far it is.
   *
   * @param what is being done, such as reading
   */
  <T> T during(String what, Supplier<T> work);

  /** Shows how far a training is. */
  TrainingListener progress(SparkTrainer trainer, TrainingConfig config, CheckpointPlan plan);
}
