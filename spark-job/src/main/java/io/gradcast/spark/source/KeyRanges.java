package io.gradcast.spark.source;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;

/** Sends records to partitions that are in the order of their keys. */
public final class KeyRanges extends Partitioner {

  private static final long serialVersionUID = 1;

  /** Keys that a partition gives to find the ranges by, at most. */
  private static final int SAMPLE = 512;

  /** The last key of each range but the last. */
  private final RecordKey[] bounds;

  KeyRanges(List<RecordKey> bounds) {
    this.bounds = bounds.toArray(new RecordKey[0]);
  }

  /**
   * By a sample of keys.
   *
   * @param keys of all records
   */
  static KeyRanges of(JavaRDD<RecordKey> keys, int parts) {
    List<Sampled> sample = new ArrayList<>(keys.mapPartitions(KeyRanges::sample).collect());
    sample.sort(Comparator.comparing(Sampled::key));
    long total = sample.stream().mapToLong(Sampled::stands).sum();
    List<RecordKey> bounds = new ArrayList<>();
    long before = 0;
    for (Sampled sampled : sample) {
      before += sampled.stands();
      if (bounds.size() + 1 < parts && before * parts >= total * (bounds.size() + 1)) {
        bounds.add(sampled.key());
      }
    }
    return new KeyRanges(bounds);
  }

  /** Of keys whose first number is any with the same chance, and which have no text. */
  static KeyRanges uniform(int parts) {
    List<RecordKey> bounds = new ArrayList<>();
    for (int i = 1; i < parts; i++) {
      bounds.add(new RecordKey("", Long.MIN_VALUE + i * (Long.MAX_VALUE / parts) * 2, 0));
    }
    return new KeyRanges(bounds);
  }

  /** A key that stands for so many. */
  @DefaultSerializer(JavaSerializer.class)
  record Sampled(RecordKey key, long stands) implements Serializable {}

  /** Every key of a partition, or every second, every fourth and so on. */
  private static Iterator<Sampled> sample(Iterator<RecordKey> keys) {
    List<RecordKey> kept = new ArrayList<>();
    long step = 1;
    for (long i = 0; keys.hasNext(); i++) {
      RecordKey key = keys.next();
      if (i % step != 0) {
        continue;
      }
      kept.add(key);
      if (kept.size() == SAMPLE) {
        for (int j = 0; j < SAMPLE / 2; j++) {
          kept.set(j, kept.get(2 * j));
        }
        kept.subList(SAMPLE / 2, SAMPLE).clear();
        step *= 2;
      }
    }
    long stands = step;
    return kept.stream().map(key -> new Sampled(key, stands)).iterator();
  }

  @Override
  public int numPartitions() {
    return bounds.length + 1;
  }

  @Override
  public int getPartition(Object key) {
    int place = Arrays.binarySearch(bounds, key);
    return place >= 0 ? place : -place - 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyRanges ranges && Arrays.equals(bounds, ranges.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }
}
