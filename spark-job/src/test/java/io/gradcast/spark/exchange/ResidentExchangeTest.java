package io.gradcast.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.TrainingLoop;
import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.cluster.Application;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.score.Evaluator;
import io.gradcast.spark.shard.Shards;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.source.Sources;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resident tasks where not all is as they would have it. */
class ResidentExchangeTest {

  /** Of an occupant's task, in this JVM as all of local mode. */
  private static CountDownLatch occupied;

  private static CountDownLatch released;

  @TempDir private static Path folder;
  private static SmallTraining training;
  private static Model expected;

  @BeforeAll
  static void trainOnOneThread() throws IOException {
    training = SmallTraining.in(folder);
    expected = training.modelOnThreads(1);
  }

  private static Shards load(JavaSparkContext context, Split split) {
    IdxSource source =
        IdxSource.open(new Storage(context.hadoopConfiguration()), training.data(), split);
    return Shards.load(context, source, 2, expected.network().takes());
  }

  private static TrainingResult train(
      JavaSparkContext context, TrainingListener listener, long patienceSeconds) {
    TrainingConfig config = SmallTraining.CONFIG;
    try (Shards train = load(context, Split.TRAIN);
        Shards test = load(context, Split.TEST)) {
      ResidentExchange exchange =
          new ResidentExchange(
              ResidentPlugin.driver(),
              expected.network(),
              config,
              train,
              TimeUnit.SECONDS.toNanos(patienceSeconds));
      return new TrainingLoop(
              expected.network(),
              config,
              exchange,
              parameters ->
                  Evaluator.evaluate(context, expected.network(), parameters, test.pieces()),
              listener,
              CheckpointPlan.NONE)
          .run();
    }
  }

  @Test
  void tasksThatOtherJobsLeaveNoSlotForAreDoneWithout() throws Exception {
    occupied = new CountDownLatch(1);
    released = new CountDownLatch(1);
    try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf("local[2]"))) {
      JavaFutureAction<Void> occupant =
          context
              .parallelize(List.of(0), 1)
              .foreachAsync(
                  number -> {
                    occupied.countDown();
                    released.await();
                  });
      occupied.await();
      TrainingResult result = train(context, TrainingListener.NONE, 1);
      assertArrayEquals(expected.parameters(), result.parameters());
      released.countDown();
      occupant.get();
    }
  }

  @Test
  void jobThatIsCancelledEndsTheTraining() {
    SparkConf conf = SmallTraining.sparkConf("local[2]");
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      TrainingListener cancels =
          new TrainingListener() {
            @Override
            public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
              if (iteration == 3) {
                context.cancelAllJobs();
              }
            }
          };
      // Unless its few rounds are over before the scheduler gets to it: then the next epoch's is.
      Exception e = assertThrows(SparkException.class, () -> trainForLong(context, cancels));
      assertTrue(e.getMessage().contains("cancelled"), e.getMessage());
    }
  }

  private static void trainForLong(JavaSparkContext context, TrainingListener listener)
      throws SparkException {
    while (true) {
      train(context, listener, 60);
    }
  }

  @Test
  void taskUsesAllTheCoresItWasGiven() {
    SparkConf conf = SmallTraining.sparkConf("local[4]").set("spark.task.cpus", "2");
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      TrainingResult result = train(context, TrainingListener.NONE, 60);
      assertArrayEquals(expected.parameters(), result.parameters());
      try (Shards shards = load(context, Split.TEST)) {
        Exchanges.Choice choice = choose(context, expected.network(), shards);
        assertEquals(4, choice.exchange().parallelism());
      }
    }
  }

  private static Exchanges.Choice choose(JavaSparkContext context, Network network, Shards shards) {
    return Exchanges.choose(ExchangeKind.AUTO, context, network, SmallTraining.CONFIG, shards, 0);
  }

  @Test
  void dynamicAllocationThatWouldNotGrowIsSaid() {
    SparkConf conf =
        SmallTraining.sparkConf("local[1]").set("spark.dynamicAllocation.enabled", "true");
    try (JavaSparkContext context = new JavaSparkContext(conf);
        Shards shards = load(context, Split.TEST)) {
      Exchanges.Choice choice = choose(context, expected.network(), shards);
      assertEquals(ExchangeKind.RESIDENT, choice.kind());
      assertEquals(
          "resident tasks use the 1 slots that are there for 2 shards, and make dynamic allocation"
              + " ask for no more; spark.dynamicAllocation.minExecutors does",
          choice.note());
    }
  }

  @Test
  void sessionWithoutThePluginGetsATreeAndAReason() {
    SparkConf conf = SmallTraining.sparkConf("local[2]").set("spark.plugins", "");
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      Storage storage = new Storage(context.hadoopConfiguration());
      IdxSource source = IdxSource.open(storage, training.data(), Split.TEST);
      try (SparkTrainer trainer =
          new SparkTrainer(
              context,
              NetworkText.named("zhang"),
              SmallTraining.CONFIG,
              new Sources(source, Optional.empty(), source),
              2,
              ExchangeKind.RESIDENT,
              0)) {
        Exchanges.Choice choice = trainer.exchange();
        assertEquals(ExchangeKind.TREE, choice.kind());
        assertEquals(
            "exchange tree, because the Spark session was started without"
                + " spark.plugins=io.gradcast.spark.exchange.ResidentPlugin",
            choice.note());
      }
    }
  }

  @Test
  void sumThatFitsNoMessageGetsATreeAndAReason() throws IOException {
    SparkConf conf = Application.onLocalCluster(1).set("spark.rpc.message.maxSize", "1");
    Network large =
        new Network(
            NetworkSpec.parse(
                "name = l, input = [1, 28, 28], loss = squared-error, layers = ["
                    + "{ name = f1, type = dense, units = 200 },"
                    + "{ name = f2, type = dense, units = 10 }]",
                "large"));
    try (Application application = Application.start(conf, 1);
        Shards shards = load(application.context(), Split.TEST)) {
      Exchanges.Choice choice = choose(application.context(), large, shards);
      assertEquals(ExchangeKind.TREE, choice.kind());
      assertEquals(
          "exchange tree, because a sum of 159,010 parameters does not fit"
              + " spark.rpc.message.maxSize=1",
          choice.note());
    }
  }
}
