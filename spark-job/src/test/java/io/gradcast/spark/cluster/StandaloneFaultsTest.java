package io.gradcast.spark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.cluster.UnsteadyFileSystem.Order;
import io.gradcast.spark.exchange.ExchangeKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.Success$;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What can happen only where executors are on several machines, or seem to be. */
class StandaloneFaultsTest {

  @TempDir private static Path folder;
  private static SmallTraining training;
  private static String expected;

  private StandaloneCluster cluster;

  @BeforeAll
  static void writeData() throws Exception {
    training = SmallTraining.in(folder);
    expected = training.onThreads(1);
  }

  @BeforeEach
  void startMaster() throws Exception {
    cluster = new StandaloneCluster(System.getProperty("java.class.path"));
  }

  @AfterEach
  void stopAll() {
    cluster.close();
  }

  @EveryExchange
  void killedWorkerIsDoneWithout(ExchangeKind exchange) throws Exception {
    Process worker = cluster.startWorker("127.0.0.1", 1);
    cluster.startWorker("127.0.0.1", 1);
    try (Application application = Application.start(Application.onCluster(cluster.url()), 2)) {
      List<ProcessHandle> victims =
          Stream.concat(worker.descendants(), Stream.of(worker.toHandle())).toList();
      Fault fault =
          Fault.atOnce(() -> victims.forEach(ProcessHandle::destroyForcibly))
              .then(() -> application.awaitExecutors(1));

      assertEquals(2, victims.size(), "the worker and its executor");
      assertEquals(expected, training.onSpark(application.context(), exchange, fault));
    }
  }

  @EveryExchange
  void workerThatJoinsTakesPart(ExchangeKind exchange) throws Exception {
    cluster.startWorker("127.0.0.1", 2);
    try (Application application = Application.start(Application.onCluster(cluster.url()), 1)) {
      Set<String> first = application.executors().keySet();
      Fault join =
          Fault.none()
              .then(
                  () -> {
                    cluster.startWorker("127.0.0.1", 2);
                    application.awaitExecutors(2);
                    // As long as they are where they are, so are the tasks.
                    application.evictShards();
                  });

      assertEquals(expected, training.onSpark(application.context(), exchange, join));
      Await.until(
          "the new executor has ended a task",
          () ->
              application
                  .events()
                  .ended(
                      task ->
                          task.reason().equals(Success$.MODULE$)
                              && !first.contains(task.taskInfo().executorId())));
    }
  }

  @EveryExchange
  void taskThatHangsIsOvertakenByItsCopy(ExchangeKind exchange) throws Exception {
    // A copy never runs on the machine of the first attempt.
    cluster.startWorker("127.0.0.1", 2);
    cluster.startWorker("localhost", 2);
    try (Application application =
        Application.start(
            UnsteadyFileSystem.install(Application.onCluster(cluster.url()))
                .set("spark.executor.cores", "2")
                .set("spark.speculation", "true")
                .set("spark.speculation.interval", "100ms")
                // Where no task of a stage has ended yet, so that none can be called slow by them.
                .set("spark.speculation.task.duration.threshold", "1s"),
            2)) {
      Fault fault =
          Fault.none()
              .meanwhile(
                  () -> {
                    UnsteadyFileSystem.order(training.data(), Order.HANG);
                    application.evictShards();
                  });

      assertEquals(
          expected,
          training.onSpark(
              application.context(),
              exchange,
              UnsteadyFileSystem.uri(training.data()),
              2,
              2,
              fault));
      assertTrue(UnsteadyFileSystem.obeyed(training.data(), Order.HANG));
      Await.until(
          "a copy was first",
          () ->
              application
                  .events()
                  .ended(
                      task ->
                          task.taskInfo().speculative() && task.reason().equals(Success$.MODULE$)));
    }
  }
}
