package io.gradcast.spark.exchange;

import io.gradcast.engine.net.Network;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.train.Exchange;
import io.gradcast.engine.train.ShardedGradient;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.spark.shard.Gangs;
import io.gradcast.spark.shard.JobDescription;
import io.gradcast.spark.shard.PartitionJob;
import io.gradcast.spark.shard.Shard;
import io.gradcast.spark.shard.Shards;
import io.gradcast.spark.shard.Task;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * One Spark job an iteration. Small sums come to the driver as they are, and the parameters go out
 * in the tasks; large ones are added up on the way, by {@code treeAggregate}, and the parameters go
 * out by broadcast. The merge order is whatever Spark makes it; integers do not mind.
 */
public final class TreeExchange implements Exchange {

  /** Parameters up to this many bytes are part of each task. */
  private static final int LARGEST_IN_TASK = 1 << 18;

  /** Sums of all parts together up to this many bytes are added up on the driver. */
  private static final long MOST_ON_DRIVER = 1L << 25;

  private static final int DEFAULT_DEPTH = 2;

  private final JavaSparkContext context;
  private final Shards shards;
  private final Task task;
  private final int depth;
  private final long sumBytes;

  /**
   * @param depth of the tree; 1 adds up all sums on the driver, 0 is what suits the sizes
   */
  TreeExchange(
      JavaSparkContext context, Network network, TrainingConfig config, Shards shards, int depth) {
    this.context = context;
    this.shards = shards;
    this.depth = depth;
    task = Task.of(network, config, shards.count());
    sumBytes = GradientSum.bytes(network.parameterCount());
  }

  @Override
  public long sampleCount() {
    return shards.count();
  }

  @Override
  public int parallelism() {
    int tasks = Math.min(shards.rdd().getNumPartitions(), slots());
    return tasks * context.getConf().getInt("spark.task.cpus", 1);
  }

  private int slots() {
    int known = ResidentPlugin.slots();
    return known > 0 ? known : context.defaultParallelism();
  }

  @Override
  public void run(int epoch, int first, int end, float[] parameters, Consumer<GradientSum> update) {
    // Anew each time: executors may have come or gone.
    JavaRDD<Shard> rdd = shards.spread(slots());
    for (int i = first; i < end; i++) {
      int minibatch = i;
      update.accept(
          JobDescription.during(
              context.sc(),
              "Epoch %d, iteration %d: gradients".formatted(epoch + 1, minibatch + 1),
              () -> sum(rdd, epoch, minibatch, parameters)));
    }
  }

  private GradientSum sum(JavaRDD<Shard> rdd, int epoch, int minibatch, float[] parameters) {
    if ((long) parameters.length * Float.BYTES <= LARGEST_IN_TASK) {
      return sum(rdd, new Gradient(task, epoch, minibatch, parameters, null));
    }
    // A copy, because locally a broadcast is the very array, and the update will change it.
    Broadcast<float[]> broadcast = context.broadcast(parameters.clone());
    GradientSum sum = sum(rdd, new Gradient(task, epoch, minibatch, null, broadcast));
    broadcast.destroy();
    return sum;
  }

  private GradientSum sum(JavaRDD<Shard> rdd, Gradient gradient) {
    boolean fitsDriver = rdd.getNumPartitions() * sumBytes <= MOST_ON_DRIVER;
    int levels = depth > 0 ? depth : fitsDriver ? 1 : DEFAULT_DEPTH;
    if (levels > 1) {
      // The last sum is made on an executor too: the driver's scheduler would make it on the one
      // thread that it has.
      return rdd.mapPartitions(gradient::sums)
          .treeAggregate(new GradientSum(), TreeExchange::merge, TreeExchange::merge, levels, true);
    }
    GradientSum whole = new GradientSum();
    for (GradientSum part : gradient.run(rdd)) {
      whole.add(part);
    }
    return whole;
  }

  /**
   * Adds up two sums. Every stage of a tree begins with an empty one, whose place the other takes:
   * a copy of it would be of no use, and large.
   */
  private static GradientSum merge(GradientSum one, GradientSum other) {
    if (one.gradientOrNull() == null) {
      other.add(one);
      return other;
    }
    one.add(other);
    return one;
  }

  /** The work of one iteration, as it goes to the executors. */
  private static final class Gradient extends PartitionJob<Shard, GradientSum> {

    private static final long serialVersionUID = 1;

    private final Task task;
    private final int epoch;
    private final int minibatch;

    /** Null where they are broadcast. */
    private final float[] parameters;

    private final Broadcast<float[]> broadcast;

    Gradient(
        Task task, int epoch, int minibatch, float[] parameters, Broadcast<float[]> broadcast) {
      super(GradientSum.class);
      this.task = task;
      this.epoch = epoch;
      this.minibatch = minibatch;
      this.parameters = parameters;
      this.broadcast = broadcast;
    }

    @Override
    protected GradientSum compute(Iterator<Shard> shards) {
      GradientSum sum = new GradientSum();
      Gangs.use(
          task.network(),
          gang -> {
            ShardedGradient gradient = new ShardedGradient(gang, task.recipe());
            gradient.begin(epoch, parameters == null ? broadcast.value() : parameters, sum);
            shards.forEachRemaining(shard -> shard.gradient(task, epoch, minibatch, gradient));
            gradient.end();
          });
      return sum;
    }

    private Iterator<GradientSum> sums(Iterator<Shard> shards) {
      return List.of(compute(shards)).iterator();
    }
  }
}
