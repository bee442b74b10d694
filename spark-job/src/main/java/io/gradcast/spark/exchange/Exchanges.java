package io.gradcast.spark.exchange;

import io.gradcast.engine.net.Network;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.train.Exchange;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.spark.shard.Shards;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;

/** Which exchange a training gets: the one asked for, unless that cannot be. */
public final class Exchanges {

  private static final int MIB = 1 << 20;

  /** Time for executors to read data again, and for other jobs to leave them. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Exchanges() {}

  /**
   * An exchange and why it is this one.
   *
   * @param kind never {@link ExchangeKind#AUTO}
   * @param note a sentence for the user, where it is not what could be expected; else empty
   */
  public record Choice(Exchange exchange, ExchangeKind kind, String note) {}

  /**
   * Chooses, where the network leaves that much memory.
   *
   * @param depth of the tree, if it comes to that; 0 for what suits the sizes
   */
  public static Choice choose(
      ExchangeKind wanted,
      JavaSparkContext context,
      Network network,
      TrainingConfig config,
      Shards shards,
      int depth) {
    String obstacle =
        wanted == ExchangeKind.TREE ? "" : obstacle(context, network.parameterCount(), shards);
    boolean isTree = wanted == ExchangeKind.TREE || !obstacle.isEmpty();
    Memory.require(
        context,
        isTree ? ExchangeKind.TREE : ExchangeKind.RESIDENT,
        network.parameterCount(),
        config,
        ResidentPlugin.mostCores());
    if (isTree) {
      Exchange tree = new TreeExchange(context, network, config, shards, depth);
      String note = obstacle.isEmpty() ? "" : "exchange tree, because " + obstacle;
      return new Choice(tree, ExchangeKind.TREE, note);
    }
    Exchange resident =
        new ResidentExchange(ResidentPlugin.driver(), network, config, shards, PATIENCE_NANOS);
    return new Choice(resident, ExchangeKind.RESIDENT, growth(context, shards));
  }

  /** Resident tasks never queue, and what makes Spark ask for executors is a queue. */
  private static String growth(JavaSparkContext context, Shards shards) {
    boolean grows = context.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
    int slots = ResidentPlugin.slots();
    int partitions = shards.rdd().getNumPartitions();
    if (!grows || slots >= partitions) {
      return "";
    }
    return ("resident tasks use the %d slots that are there for %d shards, and make dynamic"
            + " allocation ask for no more; spark.dynamicAllocation.minExecutors does")
        .formatted(slots, partitions);
  }

  /** Why tasks cannot be resident; empty where they can. */
  private static String obstacle(JavaSparkContext context, int parameters, Shards shards) {
    if (ResidentPlugin.driver() == null) {
      return "the Spark session was started without spark.plugins="
          + ResidentPlugin.class.getName();
    }
    int largest = context.getConf().getInt("spark.rpc.message.maxSize", 128);
    // In local mode there is nobody to send a message to.
    boolean fits = GradientSum.bytes(parameters) <= (long) largest * MIB;
    if (!fits && !context.isLocal()) {
      return "a sum of %,d parameters does not fit spark.rpc.message.maxSize=%d"
          .formatted(parameters, largest);
    }
    if (shards.bytesOnDisk() > 0) {
      return "%,d MB of the data are on disk, and resident tasks would hold them in memory"
          .formatted(shards.bytesOnDisk() / 1_000_000);
    }
    return "";
  }
}
