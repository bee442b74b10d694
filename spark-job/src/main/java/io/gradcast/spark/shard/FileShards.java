package io.gradcast.spark.shard;

import io.gradcast.engine.data.Samples;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * A data set as one shard a partition, in files of the executors. Spark caches the number of each
 * partition alone, and by that knows which executor has its shard: tasks are sent there. One that
 * comes to another executor all the same, because that one is busy or gone, reads the partition
 * from its source again, into a file there.
 */
final class FileShards extends RDD<Shard> {

  private static final long serialVersionUID = 1;

  private final String name = UUID.randomUUID().toString();
  private final RDD<Samples> source;
  private final RDD<Integer> numbers;

  private FileShards(RDD<Samples> source, RDD<Integer> numbers) {
    super(
        source.context(),
        CollectionConverters.asScala(
                List.<Dependency<?>>of(
                    new OneToOneDependency<>(numbers), new OneToOneDependency<>(source)))
            .toSeq(),
        ClassTag$.MODULE$.apply(Shard.class));
    this.source = source;
    this.numbers = numbers;
  }

  /** Of samples in pieces, any number a partition; they are read when a job wants the shards. */
  static FileShards of(JavaRDD<Samples> source) {
    JavaRDD<Integer> numbers =
        source
            .mapPartitionsWithIndex((number, pieces) -> List.of(number).iterator(), true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new FileShards(source.rdd(), numbers.rdd());
  }

  @Override
  public Partition[] getPartitions() {
    return source.partitions();
  }

  @Override
  public Iterator<Shard> compute(Partition partition, TaskContext context) {
    // Wherever it is, or it is noted now that it is here.
    numbers.iterator(partition, context);
    ShardFiles.Key key = new ShardFiles.Key(name, partition.index());
    Shard shard =
        ShardFiles.get(key, () -> CollectionConverters.asJava(source.iterator(partition, context)));
    return CollectionConverters.asScala(List.of(shard).iterator());
  }

  /** Has the executors delete their files, which they do in any case when they end. */
  void close() {
    numbers.unpersist(false);
    if (context().isStopped()) {
      return;
    }
    // As many tasks as have a core at once: Spark gives each executor its share of them. Nobody
    // waits for them, since they may have to wait for another job.
    int cores = context().defaultParallelism();
    String closed = name;
    JavaFutureAction<Void> unused =
        JavaSparkContext.fromSparkContext(context())
            .parallelize(IntStream.range(0, cores).boxed().toList(), cores)
            .foreachAsync(core -> ShardFiles.close(closed));
  }
}
