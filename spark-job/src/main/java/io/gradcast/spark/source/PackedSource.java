package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * A folder of packed data: Parquet files, and a manifest that says what is in each of them, against
 * which all that is read is checked. On the driver the manifest alone is read.
 *
 * @param folder in full, with its scheme
 */
public record PackedSource(String folder, PackedManifest manifest) implements Source, Serializable {

  /** Bytes of a manifest: that of some 100 TB. */
  private static final int LARGEST_MANIFEST = 1 << 28;

  /**
   * Reads the manifest of a folder, and checks that all of its files are there in full.
   *
   * @param classes that there may be, by their numbers; none where the data say it
   */
  public static PackedSource open(Storage storage, Path folder, List<String> classes) {
    try {
      Path inFull = storage.qualified(folder);
      Path path = new Path(inFull, PackedManifest.FILE);
      PackedManifest manifest = PackedManifest.parse(text(storage, path), path.toString());
      manifest.requireClasses(classes, path.toString());
      Map<String, Long> found = storage.files(inFull);
      for (PackedFile file : manifest.files()) {
        Long bytes = found.get(file.name());
        if (bytes == null || bytes != file.bytes()) {
          throw GradcastException.data(
              "%s: expected %,d bytes, as in %s, found %s"
                  .formatted(
                      new Path(inFull, file.name()),
                      file.bytes(),
                      PackedManifest.FILE,
                      bytes == null ? "no such file" : "%,d".formatted(bytes)));
        }
      }
      return new PackedSource(inFull.toString(), manifest);
    } catch (IOException e) {
      String found = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new GradcastException(
          Kind.DATA, "data %s: expected packed data, found: %s".formatted(folder, found), e);
    }
  }

  private static String text(Storage storage, Path path) throws IOException {
    FileStatus status = storage.statusOrNull(path);
    if (status == null || status.getLen() > LARGEST_MANIFEST) {
      throw GradcastException.data(
          "%s: expected a manifest of up to %,d bytes, found %s"
              .formatted(
                  path,
                  LARGEST_MANIFEST,
                  status == null ? "nothing" : "%,d".formatted(status.getLen())));
    }
    try (InputStream in = storage.open(path)) {
      return new String(in.readNBytes(LARGEST_MANIFEST), StandardCharsets.UTF_8);
    }
  }

  @Override
  public String name() {
    return folder;
  }

  @Override
  public Shape shape() {
    return manifest.shape();
  }

  @Override
  public long count() {
    return manifest.count();
  }

  @Override
  public boolean severalLabels() {
    return manifest.severalLabels();
  }

  @Override
  public List<String> classes() {
    return manifest.classes();
  }

  @Override
  public long[] samplesPerClass() {
    return manifest.samples().stream().mapToLong(count -> count).toArray();
  }

  /** A piece is a row group; no partition has fewer. */
  @Override
  public JavaRDD<Samples> read(JavaSparkContext context, int partitions) {
    int groups = manifest.files().stream().mapToInt(file -> file.rows().length).sum();
    int parts = Math.min(partitions, groups);
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    PackedSource source = this;
    return context
        .parallelize(IntStream.range(0, parts).boxed().toList(), parts)
        .mapPartitions(
            numbers -> {
              int number = numbers.next();
              int first = (int) ((long) groups * number / parts);
              int end = (int) ((long) groups * (number + 1) / parts);
              return source.read(new Storage(configuration.value().value()), first, end);
            });
  }

  /** The row groups from one to before another, counted over all files. */
  private Iterator<Samples> read(Storage storage, int first, int end) {
    PackedGroups groups = new PackedGroups(storage, this, first, end);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> groups.close());
    return groups;
  }
}
