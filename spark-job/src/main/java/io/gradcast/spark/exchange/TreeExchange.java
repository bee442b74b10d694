package io.gradcast.spark.exchange;

import io.gradcast.engine.net.Network;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.train.Exchange;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.spark.shard.Shard;
import io.gradcast.spark.shard.Shards;
import io.gradcast.spark.shard.Task;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * One Spark job an iteration: parameters go out by broadcast, the shards' exact sums come back by
 * {@code treeAggregate}. The merge order is whatever Spark makes it; integers do not mind.
 */
public final class TreeExchange implements Exchange {

  private final JavaSparkContext context;
  private final Shards shards;
  private final Task task;
  private final int depth;
  private final int parallelism;

  /**
   * @param depth of the tree; 1 adds up all shards on the driver
   */
  public TreeExchange(
      JavaSparkContext context, Network network, TrainingConfig config, Shards shards, int depth) {
    this.context = context;
    this.shards = shards;
    this.depth = depth;
    task = Task.of(network, config, shards.count());
    parallelism = Math.min(shards.rdd().getNumPartitions(), context.defaultParallelism());
  }

  @Override
  public long sampleCount() {
    return shards.count();
  }

  @Override
  public int parallelism() {
    return parallelism;
  }

  @Override
  public void run(int epoch, int first, int end, float[] parameters, Consumer<GradientSum> update) {
    for (int minibatch = first; minibatch < end; minibatch++) {
      update.accept(sum(epoch, minibatch, parameters));
    }
  }

  private GradientSum sum(int epoch, int minibatch, float[] parameters) {
    // A copy, because locally a broadcast is the very array, and the caller will change it.
    Broadcast<float[]> current = context.broadcast(parameters.clone());
    GradientSum sum =
        shards
            .rdd()
            .treeAggregate(
                new GradientSum(),
                gradientOf(task, epoch, minibatch, current),
                TreeExchange::merge,
                depth);
    current.destroy();
    return sum;
  }

  // Static, so that a task carries nothing of this object.
  private static Function2<GradientSum, Shard, GradientSum> gradientOf(
      Task task, int epoch, int minibatch, Broadcast<float[]> parameters) {
    return (sum, shard) -> {
      shard.gradient(task, epoch, minibatch, parameters.value(), sum);
      return sum;
    };
  }

  private static GradientSum merge(GradientSum into, GradientSum other) {
    into.add(other);
    return into;
  }
}
