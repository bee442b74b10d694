package io.gradcast.spark.shard;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.SampleType;
import io.gradcast.engine.data.Samples;
import io.gradcast.spark.source.IdxSource;
import io.gradcast.spark.store.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/** A data set as one {@link Shard} a partition, read by the executors and cached there. */
public final class Shards implements AutoCloseable {

  /**
   * Images of one shard at most, in bytes: they are one array, and one that does not fit beside the
   * others is read from disk as a whole.
   */
  private static final long LARGEST_SHARD = 1L << 26;

  private final JavaRDD<Shard> rdd;
  private final long count;
  private final Fingerprint fingerprint;
  private final SampleType type;

  private Shards(JavaRDD<Shard> rdd, long count, Fingerprint fingerprint, SampleType type) {
    this.rdd = rdd;
    this.count = count;
    this.fingerprint = fingerprint;
    this.type = type;
  }

  /**
   * Reads, checks and caches a data set.
   *
   * @param partitions shards wanted; 0 for one a core of the cluster. There are never more than
   *     samples, nor so few that one would be too large.
   * @param type that the samples must be of
   */
  public static Shards load(
      JavaSparkContext context, IdxSource source, int partitions, SampleType type) {
    return load(context, source, source.count(), samples -> samples, partitions, type);
  }

  /**
   * Reads, checks and caches a part of a data set.
   *
   * @param count samples in that part
   * @param part those of some samples that are in it, with ids from 0 to count - 1 in all
   */
  public static Shards load(
      JavaSparkContext context,
      IdxSource source,
      long count,
      Function<Samples, Samples> part,
      int partitions,
      SampleType type) {
    long bytes = (long) source.count() * source.shape().size();
    long least = (bytes + LARGEST_SHARD - 1) / LARGEST_SHARD;
    int wanted = partitions > 0 ? partitions : context.defaultParallelism();
    int shards = (int) Math.min(source.count(), Math.max(least, wanted));
    List<Integer> numbers = IntStream.range(0, shards).boxed().toList();
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    JavaRDD<Shard> rdd =
        context
            .parallelize(numbers, shards)
            .mapPartitions(new Reader(source, part, configuration, shards, type))
            .persist(StorageLevel.MEMORY_AND_DISK());
    Fingerprint fingerprint =
        JobDescription.during(
            context.sc(),
            "Reading %,d samples of %s".formatted(count, source.images()),
            () -> rdd.map(shard -> Fingerprint.of(shard.samples())).reduce(Fingerprint::plus));
    return new Shards(rdd, count, fingerprint, type);
  }

  public JavaRDD<Shard> rdd() {
    return rdd;
  }

  /** The shards for so many tasks, or as they are where they are no more than that. */
  public JavaRDD<Shard> spread(int tasks) {
    return tasks < rdd.getNumPartitions() ? rdd.coalesce(tasks) : rdd;
  }

  /** Samples in all shards. */
  public long count() {
    return count;
  }

  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /** Goes over all samples, and gives the same for any placement. */
  public DataStatistics statistics() {
    int channels = type.shape().channels();
    DataStatistics all = new DataStatistics(channels, type.classes());
    DataStatistics[] parts =
        JobDescription.during(
            rdd.context(),
            "Statistics of pixels and labels",
            () -> new Statistics(channels, type.classes()).run(rdd));
    for (DataStatistics part : parts) {
      all.add(part);
    }
    return all;
  }

  /** How much of the data found no room in the executors' memory. */
  public long bytesOnDisk() {
    int id = rdd.id();
    return Arrays.stream(rdd.context().getRDDStorageInfo())
        .filter(info -> info.id() == id)
        .mapToLong(RDDInfo::diskSize)
        .sum();
  }

  /** Takes the shards out of the executors' memory. */
  @Override
  public void close() {
    rdd.unpersist();
  }

  private static final class Statistics extends ShardJob<DataStatistics> {

    private static final long serialVersionUID = 1;

    private final int channels;
    private final int classes;

    Statistics(int channels, int classes) {
      super(DataStatistics.class);
      this.channels = channels;
      this.classes = classes;
    }

    @Override
    protected DataStatistics compute(Iterator<Shard> shards) {
      DataStatistics statistics = new DataStatistics(channels, classes);
      shards.forEachRemaining(shard -> statistics.add(shard.samples()));
      return statistics;
    }
  }

  /** Reads shards on an executor, each by its number: shard i holds the i-th part of the ids. */
  private record Reader(
      IdxSource source,
      Function<Samples, Samples> part,
      Broadcast<SerializableConfiguration> configuration,
      int shards,
      SampleType type)
      implements FlatMapFunction<Iterator<Integer>, Shard> {

    @Override
    public Iterator<Shard> call(Iterator<Integer> numbers) throws Exception {
      Storage storage = new Storage(configuration.value().value());
      List<Shard> read = new ArrayList<>();
      while (numbers.hasNext()) {
        int number = numbers.next();
        long first = (long) source.count() * number / shards;
        long end = (long) source.count() * (number + 1) / shards;
        Samples samples = source.read(storage, first, (int) (end - first));
        samples.requireFit(type, source.labels());
        read.add(new Shard(part.call(samples)));
      }
      return read.iterator();
    }
  }
}
