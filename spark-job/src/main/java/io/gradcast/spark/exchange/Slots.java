package io.gradcast.spark.exchange;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/** How many tasks can run at the same time, on the executors that are there now. */
final class Slots extends SparkListener {

  /** No executor for so long means that those which were to come are there. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final int taskCpus;

  /** Executors that were asked for, where that is known; else 0. */
  private final int expected;

  private final Map<String, Integer> cores = new HashMap<>();
  private long lastAdded = System.nanoTime();

  Slots(SparkConf conf) {
    taskCpus = conf.getInt("spark.task.cpus", 1);
    if (conf.get("spark.master", "").matches("local(\\[.*)?")) {
      expected = 1;
    } else if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      expected = conf.getInt("spark.dynamicAllocation.initialExecutors", 1);
    } else {
      expected = conf.getInt("spark.executor.instances", 0);
    }
  }

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
    cores.put(added.executorId(), added.executorInfo().totalCores());
    lastAdded = System.nanoTime();
    notifyAll();
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    cores.remove(removed.executorId());
  }

  /** Tasks that can run at the same time now. */
  synchronized int count() {
    return cores.values().stream().mapToInt(all -> all / taskCpus).sum();
  }

  /** Cores of the executor that has most of them; 1 where none is known. */
  synchronized int mostCores() {
    return cores.values().stream().mapToInt(Integer::intValue).max().orElse(1);
  }

  /**
   * Waits for the executors that were asked for, or where that is not known until no more come, so
   * that data are not all read by the first; half a minute at most.
   *
   * @return {@link #count}
   */
  synchronized int await() {
    long start = System.nanoTime();
    try {
      while (!isSettled() && System.nanoTime() - start < LONGEST_WAIT_NANOS) {
        wait(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return count();
  }

  private boolean isSettled() {
    return expected > 0
        ? cores.size() >= expected
        : !cores.isEmpty() && System.nanoTime() - lastAdded > SETTLED_NANOS;
  }
}
