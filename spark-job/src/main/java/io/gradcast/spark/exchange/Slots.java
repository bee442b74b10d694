package io.gradcast.spark.exchange;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** How many tasks can run at the same time, on the executors that are there now. */
final class Slots extends SparkListener {

  private final int taskCpus;
  private final Map<String, Integer> cores = new HashMap<>();

  Slots(SparkConf conf) {
    taskCpus = conf.getInt("spark.task.cpus", 1);
  }

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
    cores.put(added.executorId(), added.executorInfo().totalCores());
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    cores.remove(removed.executorId());
  }

  /** Tasks that can run at the same time now. */
  synchronized int count() {
    return cores.values().stream().mapToInt(all -> all / taskCpus).sum();
  }
}
