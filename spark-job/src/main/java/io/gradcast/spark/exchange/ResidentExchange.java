package io.gradcast.spark.exchange;

import io.gradcast.engine.net.Network;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.train.Exchange;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.spark.shard.JobDescription;
import io.gradcast.spark.shard.Shards;
import io.gradcast.spark.shard.Task;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaFutureAction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Spark job for a whole range of minibatches: tasks stay, push their exact sums to the driver
 * and take the next parameters from it, by Spark's RPC. The driver holds the only state, so a job
 * that cannot go on, because executors are gone, is ended and another goes on where it was, on what
 * is there.
 */
public final class ResidentExchange implements Exchange {

  private static final Logger LOG = LoggerFactory.getLogger(ResidentExchange.class);

  private static final long LOOK_MILLIS = 100;

  /** How long Spark gets to replace an executor, before its part is given to the others. */
  private static final long REPLACEMENT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** No sum for so many times the longest round, and for the patience, means none will come. */
  private static final int PATIENCE_ROUNDS = 10;

  /** What tasks get to see that all is over. */
  private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ResidentPlugin.Driver driver;
  private final Shards shards;
  private final Task task;
  private final int taskCpus;

  /** Of no job more tasks than this, where a larger one did not get going. */
  private int mostTasks = Integer.MAX_VALUE;

  private long patienceNanos;

  /**
   * @param patienceNanos how long no sum may come in before the tasks are given up
   */
  ResidentExchange(
      ResidentPlugin.Driver driver,
      Network network,
      TrainingConfig config,
      Shards shards,
      long patienceNanos) {
    this.driver = driver;
    this.shards = shards;
    this.patienceNanos = patienceNanos;
    task = Task.of(network, config, shards.count());
    taskCpus = shards.rdd().context().conf().getInt("spark.task.cpus", 1);
  }

  @Override
  public long sampleCount() {
    return shards.count();
  }

  @Override
  public int parallelism() {
    return tasks() * taskCpus;
  }

  private int tasks() {
    int most = Math.min(shards.rdd().getNumPartitions(), mostTasks);
    return Math.max(1, Math.min(most, driver.slots()));
  }

  @Override
  public void run(int epoch, int first, int end, float[] parameters, Consumer<GradientSum> update) {
    Rounds rounds = new Rounds(first, end, parameters, update);
    // Trainings of one session, as a cross-validation has, take turns.
    synchronized (driver) {
      driver.serve(rounds);
      try {
        while (!rounds.isOver()) {
          runJob(epoch, end, rounds);
        }
      } finally {
        driver.serve(null);
      }
    }
    if (rounds.failure() instanceof RuntimeException e) {
      throw e;
    }
    if (rounds.failure() instanceof Error e) {
      throw e;
    }
  }

  /** Runs one job until it has ended, or cannot go on. */
  private void runJob(int epoch, int end, Rounds rounds) {
    long job = ThreadLocalRandom.current().nextLong();
    int tasks = tasks();
    rounds.begin(job, tasks);
    JavaFutureAction<Void> future =
        JobDescription.during(
            shards.rdd().context(),
            "Epoch %d, iterations %d to %d: resident tasks"
                .formatted(epoch + 1, rounds.next() + 1, end),
            () -> shards.spread(tasks).foreachPartitionAsync(new ResidentTask(job, epoch, task)));
    long over = 0;
    while (!hasEnded(future, rounds)) {
      if (rounds.isOver()) {
        over = over == 0 ? System.nanoTime() : over;
        if (System.nanoTime() - over > FAREWELL_NANOS) {
          // All is done; whoever has not noticed cannot be waited for.
          future.cancel(true);
          return;
        }
      } else if (cannotGoOn(rounds, tasks)) {
        future.cancel(true);
        return;
      }
    }
  }

  private static boolean hasEnded(JavaFutureAction<Void> future, Rounds rounds) {
    try {
      future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      if (!rounds.isOver()) {
        throw new IllegalStateException("the resident tasks ended before their last round");
      }
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while training", e);
    } catch (ExecutionException e) {
      if (rounds.isOver()) {
        return true;
      }
      throw asUnchecked(e.getCause());
    }
  }

  /** Spark's own exceptions are checked, but its API does not declare them. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> RuntimeException asUnchecked(Throwable e) throws E {
    throw (E) e;
  }

  private boolean cannotGoOn(Rounds rounds, int tasks) {
    long idle = rounds.idleNanos();
    if (driver.slots() < tasks && idle > REPLACEMENT_NANOS) {
      LOG.warn(
          "Resident tasks: {} slots are left of {}, going on with these", driver.slots(), tasks);
      return true;
    }
    if (idle > Math.max(patienceNanos, PATIENCE_ROUNDS * rounds.longestRoundNanos())) {
      int running = rounds.partsSeen();
      LOG.warn(
          "Resident tasks: no sum for {} s, {} of {} tasks were heard of; beginning anew",
          TimeUnit.NANOSECONDS.toSeconds(idle),
          running,
          tasks);
      // The others may have no slot: other jobs can have taken them.
      mostTasks = running == 0 || running == tasks ? mostTasks : running;
      patienceNanos *= 2;
      return true;
    }
    return false;
  }
}
