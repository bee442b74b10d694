package io.gradcast.spark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.spark.exchange.ExchangeKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Executors that die while they train, or seem to. The model is that of an undisturbed run. */
class ExecutorFaultsTest {

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
            Application.onLocalCluster(2)
                // A pause of some seconds is taken for death.
                .set("spark.executor.heartbeatInterval", "500ms")
                .set("spark.storage.blockManagerHeartbeatTimeoutMs", "10000")
                .set("spark.network.timeoutInterval", "500ms"),
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

  @EveryExchange
  void killedExecutorIsReplaced(ExchangeKind exchange) throws Exception {
    Fault fault = Fault.atOnce(process::destroyForcibly).then(this::awaitReplacement);

    assertEquals(expected, training.onSpark(application.context(), exchange, fault));
    assertFalse(application.executors().containsKey(victim));
  }

  @EveryExchange
  void killedExecutorIsDoneWithout(ExchangeKind exchange) throws Exception {
    application.limitExecutors(1);
    Set<String> survivors = application.executors().keySet();
    survivors.remove(victim);
    Fault fault = Fault.atOnce(process::destroyForcibly).then(this::awaitRemoval);

    assertEquals(expected, training.onSpark(application.context(), exchange, fault));
    assertEquals(survivors, application.executors().keySet());
  }

  @EveryExchange
  void pausedExecutorIsTakenForDead(ExchangeKind exchange) throws Exception {
    Fault fault =
        Fault.atOnce(() -> ExecutorProcesses.pause(process))
            .meanwhile(
                () -> {
                  awaitRemoval();
                  // It comes back to find itself given up.
                  ExecutorProcesses.resume(process);
                })
            .then(this::awaitReplacement);

    assertEquals(expected, training.onSpark(application.context(), exchange, fault));
    String reason = application.events().removed().get(victim);
    assertTrue(reason.contains("heartbeat"), reason);
  }

  private void awaitRemoval() {
    Await.until(
        "executor " + victim + " is removed",
        () -> application.events().removed().containsKey(victim));
  }

  private void awaitReplacement() {
    awaitRemoval();
    process.onExit().join();
    application.awaitExecutors(2);
  }
}
