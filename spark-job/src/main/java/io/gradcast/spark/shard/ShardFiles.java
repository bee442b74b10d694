package io.gradcast.spark.shard;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.data.FileSamples;
import io.gradcast.engine.data.Samples;
import java.io.File;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shards that this executor has on its disks, in Spark's local folders. */
final class ShardFiles {

  private static final Logger LOG = LoggerFactory.getLogger(ShardFiles.class);

  private static final Map<Key, ShardFile> FILES = new ConcurrentHashMap<>();

  private ShardFiles() {}

  /**
   * Which shard.
   *
   * @param data set that it is a part of, by a name that no other has
   */
  record Key(String data, int partition) {}

  /** A shard; from its file, which is written first where there is none here. */
  static Shard get(Key key, Supplier<Iterator<Samples>> source) {
    return FILES.computeIfAbsent(key, k -> new ShardFile()).get(source);
  }

  /** Deletes the files of a data set. */
  static void close(String data) {
    FILES.forEach(
        (key, file) -> {
          if (key.data().equals(data)) {
            FILES.remove(key);
            file.close();
          }
        });
  }

  /** How many there are. */
  static int count() {
    return FILES.size();
  }

  /** One of them, or the place for it. */
  private static final class ShardFile {

    private volatile FileSamples samples;
    private Shard shard;

    /** Tasks that want the same shard wait for the first of them to write it, others do not. */
    synchronized Shard get(Supplier<Iterator<Samples>> source) {
      if (shard == null) {
        File file = SparkEnv.get().blockManager().diskBlockManager().createTempLocalBlock()._2();
        try {
          samples = FileSamples.write(file, source.get());
        } catch (IOException e) {
          throw new GradcastException(
              Kind.OUTPUT,
              "%s: expected room for data that do not fit in memory, found: %s"
                  .formatted(file.getParent(), e.getMessage()),
              e);
        }
        shard = new Shard(samples);
      }
      return shard;
    }

    /** Does not wait for a task that still writes: what that has is garbage when it ends. */
    void close() {
      FileSamples written = samples;
      if (written != null) {
        try {
          written.close();
        } catch (IOException e) {
          LOG.warn("A file of data could not be closed", e);
        }
      }
    }
  }
}
