package io.gradcast.spark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.cluster.UnsteadyFileSystem.Order;
import io.gradcast.spark.exchange.ExchangeKind;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors that are lost with the data on their disks. The model is that of an undisturbed run.
 */
class FileFaultsTest {

  @TempDir private static Path folder;
  private static SmallTraining training;
  private static String expected;
  @AutoClose private static Application application;

  private String victim;
  private ProcessHandle process;

  @BeforeAll
  static void start() throws Exception {
    training = SmallTraining.in(folder);
    expected = training.onThreads(1);
    application =
        Application.start(
            UnsteadyFileSystem.install(SmallTraining.withoutRoom(Application.onLocalCluster(2))),
            2);
  }

  @BeforeEach
  void chooseVictim() {
    application.limitExecutors(2);
    application.awaitExecutors(2);
    Map.Entry<String, ProcessHandle> any = application.executors().entrySet().iterator().next();
    victim = any.getKey();
    process = any.getValue();
  }

  /** By whoever takes its place, or what was its task; the first to try fails. */
  @EveryExchange
  void shardsOfAKilledExecutorAreReadAgain(ExchangeKind exchange) throws Exception {
    Fault fault =
        Fault.atOnce(
                () -> {
                  UnsteadyFileSystem.order(training.data(), Order.FAIL);
                  process.destroyForcibly();
                })
            .then(this::awaitRemoval);

    assertEquals(expected, train(exchange, fault));
    assertTrue(UnsteadyFileSystem.obeyed(training.data(), Order.FAIL));
  }

  private String train(ExchangeKind exchange, Fault fault) throws Exception {
    return training.onSpark(
        application.context(), exchange, UnsteadyFileSystem.uri(training.data()), 5, 2, fault);
  }

  private void awaitRemoval() {
    Await.until(
        "executor " + victim + " is removed",
        () -> application.events().removed().containsKey(victim));
  }
}
