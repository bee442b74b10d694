package io.gradcast.spark.cli;

import io.gradcast.spark.shard.JobDescription;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Shows how many tasks of Spark's jobs are done. */
final class JobProgress extends SparkListener {

  private final String what;
  private final ProgressLine line = ProgressLine.onStandardError();
  private int tasks;
  private int done;

  private JobProgress(String what) {
    this.what = what;
  }

  /**
   * Does some work of several jobs and shows how far it is.
   *
   * @param what is being done, such as reading; Spark's UI says it too
   */
  static <T> T during(Session session, String what, Supplier<T> work) {
    SparkContext context = session.context().sc();
    JobProgress progress = new JobProgress(what);
    context.addSparkListener(progress);
    try {
      return JobDescription.during(context, description(what), work);
    } finally {
      context.removeSparkListener(progress);
      progress.line.clear();
    }
  }

  private static String description(String what) {
    return Character.toUpperCase(what.charAt(0)) + what.substring(1);
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted stage) {
    tasks += stage.stageInfo().numTasks();
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    done++;
    line.update(
        (double) done / Math.max(1, tasks),
        () -> "%s: %d of %d tasks".formatted(what, done, tasks));
  }
}
