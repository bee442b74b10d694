package io.gradcast.spark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.cluster.UnsteadyFileSystem.Order;
import io.gradcast.spark.exchange.ExchangeKind;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.TaskKilled;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that fail or are lost, and data that are. The model is that of an undisturbed run. */
class TaskFaultsTest {

  private static final String KILLED = "killed by a test";

  @TempDir private static Path folder;
  private static SmallTraining training;
  private static String expected;
  @AutoClose private static Application application;

  @BeforeAll
  static void start() throws Exception {
    training = SmallTraining.in(folder);
    expected = training.onThreads(1);
    application = Application.start(UnsteadyFileSystem.install(Application.onLocalCluster(2)), 2);
  }

  @EveryExchange
  void evictedShardsAreReadAgain(ExchangeKind exchange) throws Exception {
    Set<Integer> rdds = new TreeSet<>();
    Fault fault =
        Fault.none()
            .meanwhile(
                () -> {
                  rdds.addAll(application.context().getPersistentRDDs().keySet());
                  application.evictShards();
                });

    assertEquals(expected, train(exchange, fault));
    assertEquals(2, rdds.size(), "training and test data");
    for (int rdd : rdds) {
      for (int shard = 0; shard < 2; shard++) {
        int partition = shard;
        Await.until(
            "RDD %d has shard %d again".formatted(rdd, shard),
            () -> application.events().timesStored(rdd, partition) >= 2);
      }
    }
  }

  @EveryExchange
  void failedTaskIsRepeated(ExchangeKind exchange) throws Exception {
    Fault fault =
        Fault.none()
            .meanwhile(
                () -> {
                  UnsteadyFileSystem.order(training.data(), Order.FAIL);
                  // Or there would be nothing to read.
                  application.evictShards();
                });

    assertEquals(expected, train(exchange, fault));
    assertTrue(UnsteadyFileSystem.obeyed(training.data(), Order.FAIL));
    Await.until(
        "Spark tells of the failure",
        () -> application.events().ended(task -> task.reason() instanceof ExceptionFailure));
  }

  /**
   * Executors are paused while it is killed, so that an attempt that Spark tells of does not end
   * before. Should it have ended even so, in the moment before they were, another one is.
   */
  @EveryExchange
  void attemptKilledInMidMinibatchIsRepeated(ExchangeKind exchange) throws Exception {
    Collection<ProcessHandle> executors = application.executors().values();
    TrainingListener killer =
        new TrainingListener() {
          private volatile boolean trying;

          @Override
          public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
            if (iteration < 4 || trying || wasKilled()) {
              return;
            }
            trying = true;
            executors.forEach(ExecutorProcesses::pause);
            Runnable kill =
                () -> {
                  Await.until("an attempt is killed", TaskFaultsTest::killAny);
                  executors.forEach(ExecutorProcesses::resume);
                  trying = false;
                };
            new Thread(kill, "killer").start();
          }
        };

    assertEquals(expected, train(exchange, killer));
    Await.until("Spark tells of the killed one", TaskFaultsTest::wasKilled);
  }

  private static boolean killAny() {
    return application.events().running().stream()
        .anyMatch(attempt -> application.context().sc().killTaskAttempt(attempt, true, KILLED));
  }

  private static boolean wasKilled() {
    return application
        .events()
        .ended(
            task -> task.reason() instanceof TaskKilled killed && killed.reason().equals(KILLED));
  }

  private static String train(ExchangeKind exchange, TrainingListener listener) throws Exception {
    return training.onSpark(
        application.context(), exchange, UnsteadyFileSystem.uri(training.data()), 2, 2, listener);
  }
}
