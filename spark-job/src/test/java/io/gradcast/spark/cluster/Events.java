package io.gradcast.spark.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** What Spark told of its executors and tasks so far. Spark tells it a moment later. */
final class Events extends SparkListener {

  private final Map<String, String> removed = new HashMap<>();
  private final Set<Long> running = new HashSet<>();
  private final List<SparkListenerTaskEnd> ended = new ArrayList<>();
  private final Map<String, Integer> stored = new HashMap<>();

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    removed.put(event.executorId(), event.reason());
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart event) {
    running.add(event.taskInfo().taskId());
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    running.remove(event.taskInfo().taskId());
    ended.add(event);
  }

  @Override
  public synchronized void onBlockUpdated(SparkListenerBlockUpdated event) {
    if (event.blockUpdatedInfo().storageLevel().isValid()) {
      stored.merge(event.blockUpdatedInfo().blockId().name(), 1, Integer::sum);
    }
  }

  /** Executors that are gone, and why. */
  synchronized Map<String, String> removed() {
    return Map.copyOf(removed);
  }

  /** Ids of the attempts at a task that have begun and not ended. */
  synchronized Set<Long> running() {
    return Set.copyOf(running);
  }

  /** Whether any attempt at a task ended like that. */
  synchronized boolean ended(Predicate<SparkListenerTaskEnd> like) {
    return ended.stream().anyMatch(like);
  }

  /** How often a partition was put into an executor's memory. */
  synchronized int timesStored(int rdd, int partition) {
    return stored.getOrDefault("rdd_%d_%d".formatted(rdd, partition), 0);
  }
}
