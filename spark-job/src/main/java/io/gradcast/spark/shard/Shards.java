package io.gradcast.spark.shard;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.SampleType;
import io.gradcast.engine.data.Samples;
import io.gradcast.spark.source.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.storage.StorageLevel;

/**
 * A data set as {@link Shard}s, read by the executors and kept there: in their memory, or on their
 * disks where they have too little of it.
 */
public final class Shards implements AutoCloseable {

  /** Images of one shard in memory at most, in bytes: they are one array. */
  private static final long LARGEST_SHARD = 1L << 26;

  private final JavaRDD<Shard> rdd;
  private final JavaRDD<Samples> pieces;
  private final long count;
  private final Fingerprint fingerprint;
  private final SampleType type;
  private final String note;

  private Shards(
      JavaRDD<Shard> rdd, long count, Fingerprint fingerprint, SampleType type, String note) {
    this.rdd = rdd;
    pieces = pieces(rdd);
    this.note = note;
    this.count = count;
    this.fingerprint = fingerprint;
    this.type = type;
  }

  /**
   * Reads, checks and keeps a data set.
   *
   * @param partitions wanted, as many as tasks at the same time; 0 for one a core of the cluster.
   *     There are never more than samples.
   * @param type that the samples must be of
   */
  public static Shards load(
      JavaSparkContext context, Source source, int partitions, SampleType type) {
    long count = source.count();
    long bytes = count * source.shape().size();
    long least = (bytes + LARGEST_SHARD - 1) / LARGEST_SHARD;
    int wanted = partitions > 0 ? partitions : context.defaultParallelism();
    int shards = (int) Math.min(count, Math.max(least, wanted));
    String labels = source.labels();
    JavaRDD<Samples> pieces =
        source
            .read(context, shards)
            .map(
                samples -> {
                  samples.requireFit(type, labels);
                  return samples;
                });
    long kept = count * bytesOfSample(type);
    // Now, as many as tasks are to have: of more than that Spark gives some to tasks on other
    // executors than theirs, if these are on the same host.
    JavaRDD<Samples> parts = pieces.coalesce(wanted);
    ExecutorMemory memory = ExecutorMemory.of(context);
    boolean fits = memory.holds(kept, parts.getNumPartitions());
    JavaRDD<Shard> rdd =
        fits
            ? parts.mapPartitions(new InMemory()).persist(StorageLevel.MEMORY_AND_DISK())
            : FileShards.of(parts).toJavaRDD();
    Fingerprint fingerprint = Fingerprint.EMPTY;
    try {
      for (long[] shard :
          JobDescription.during(
              context.sc(),
              "Reading %,d samples of %s".formatted(count, source.name()),
              () -> new Fingerprints().run(pieces(rdd)))) {
        fingerprint = fingerprint.plus(new Fingerprint(shard[0], shard[1]));
      }
    } catch (Exception e) { // Spark throws checked ones without saying so
      close(rdd);
      throw e;
    }
    String note =
        fits
            ? ""
            : ("%.1f GB of %s do not fit in the %.1f GB of memory that the executors have left for"
                    + " data: they are read from their disks")
                .formatted(kept * 1e-9, source.name(), memory.total() * 1e-9);
    return new Shards(rdd, count, fingerprint, type, note);
  }

  /** What a sample takes in memory: its image, its id and its labels. */
  private static long bytesOfSample(SampleType type) {
    long labels = type.severalLabels() ? type.classes() : 1;
    return type.shape().size() + Long.BYTES + Integer.BYTES * labels;
  }

  public JavaRDD<Shard> rdd() {
    return rdd;
  }

  /** All samples, of which a bounded part of each shard is in memory at a time. */
  public JavaRDD<Samples> pieces() {
    return pieces;
  }

  private static JavaRDD<Samples> pieces(JavaRDD<Shard> shards) {
    return shards.flatMap(shard -> shard.samples().pieces());
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
            () -> new Statistics(channels, type.classes()).run(pieces));
    for (DataStatistics part : parts) {
      all.add(part);
    }
    return all;
  }

  /** A sentence for the user where the data are not in memory; else empty. */
  public String note() {
    return note;
  }

  /** How much of data that were to be in memory found no room there after all. */
  public long bytesOnDisk() {
    int id = rdd.id();
    return Arrays.stream(rdd.context().getRDDStorageInfo())
        .filter(info -> info.id() == id)
        .mapToLong(RDDInfo::diskSize)
        .sum();
  }

  /** Takes the shards out of the executors' memory, or from their disks. */
  @Override
  public void close() {
    close(rdd);
  }

  private static void close(JavaRDD<Shard> rdd) {
    if (rdd.rdd() instanceof FileShards files) {
      files.close();
    } else {
      rdd.unpersist();
    }
  }

  /** Their two words: not every serializer can make a record. */
  private static final class Fingerprints extends PartitionJob<Samples, long[]> {

    private static final long serialVersionUID = 1;

    Fingerprints() {
      super(long[].class);
    }

    @Override
    protected long[] compute(Iterator<Samples> pieces) {
      List<Fingerprint> parts = new ArrayList<>();
      pieces.forEachRemaining(piece -> parts.add(Fingerprint.of(piece)));
      Fingerprint all = parts.stream().reduce(Fingerprint.EMPTY, Fingerprint::plus);
      return new long[] {all.high(), all.low()};
    }
  }

  private static final class Statistics extends PartitionJob<Samples, DataStatistics> {

    private static final long serialVersionUID = 1;

    private final int channels;
    private final int classes;

    Statistics(int channels, int classes) {
      super(DataStatistics.class);
      this.channels = channels;
      this.classes = classes;
    }

    @Override
    protected DataStatistics compute(Iterator<Samples> pieces) {
      DataStatistics statistics = new DataStatistics(channels, classes);
      pieces.forEachRemaining(statistics::add);
      return statistics;
    }
  }

  /** Makes few shards of the pieces of a partition: what is in one array is computed in place. */
  private record InMemory() implements FlatMapFunction<Iterator<Samples>, Shard> {

    @Override
    public Iterator<Shard> call(Iterator<Samples> pieces) {
      List<Shard> shards = new ArrayList<>();
      List<Samples> parts = new ArrayList<>();
      long bytes = 0;
      while (pieces.hasNext()) {
        Samples piece = pieces.next();
        if (!parts.isEmpty() && bytes + piece.pixels().length > LARGEST_SHARD) {
          shards.add(new Shard(Samples.concat(parts)));
          parts.clear();
          bytes = 0;
        }
        parts.add(piece);
        bytes += piece.pixels().length;
      }
      if (!parts.isEmpty()) {
        shards.add(new Shard(Samples.concat(parts)));
      }
      return shards.iterator();
    }
  }
}
