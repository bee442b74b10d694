package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.Samples;
import io.gradcast.spark.store.Publication;
import io.gradcast.spark.store.Storage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Packs data sets into an output: each task writes files of its own, and the manifest, written
 * last, names those of the tasks that came to their end.
 */
public final class Packer {

  /** Bytes of samples in a task at most. */
  private static final long LARGEST_TASK = 64L << 20;

  /** So that none waits long for the last one, and one sees how far it is. */
  private static final int TASKS_PER_CORE = 8;

  private final JavaSparkContext context;
  private final Publication output;

  public Packer(JavaSparkContext context, Publication output) {
    this.context = context;
    this.output = output;
  }

  /**
   * Packs a data set.
   *
   * @param folder in the output, such as train; empty for the output itself
   * @param progress is told how many samples are packed, whenever there are more
   */
  public PackedManifest pack(Source source, String folder, LongConsumer progress) {
    Parts parts = new Parts(source, progress);
    output.fill(
        staging -> write(source, folder.isEmpty() ? staging : new Path(staging, folder), parts));
    if (parts.rows != source.count()) {
      throw GradcastException.data(
          "%s: expected %,d samples, as at first, found %,d"
              .formatted(source.name(), source.count(), parts.rows));
    }
    PackedManifest manifest = parts.manifest(source);
    output.write(
        (folder.isEmpty() ? "" : folder + Path.SEPARATOR) + PackedManifest.FILE,
        out -> out.write(manifest.json().getBytes(StandardCharsets.UTF_8)));
    return manifest;
  }

  private void write(Source source, Path folder, Parts parts) {
    long bytes = source.count() * PackedLayout.bytesOfSample(source.shape());
    long tasks =
        Math.max(
            (bytes + LARGEST_TASK - 1) / LARGEST_TASK,
            (long) TASKS_PER_CORE * context.defaultParallelism());
    new Storage(context.hadoopConfiguration()).makeFolder(folder);
    JavaRDD<Samples> samples = source.read(context, (int) Math.min(source.count(), tasks));
    PackTask task =
        new PackTask(
            context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())),
            folder.toString(),
            PackedLayout.of(source));
    context.sc().runJob(samples.rdd(), task, parts, ClassTag$.MODULE$.apply(PackedPart.class));
    // What attempts left that did not come to their end.
    new Storage(context.hadoopConfiguration()).keepOnly(folder, parts.names());
  }

  /** Takes in the parts as they come. */
  private static final class Parts extends AbstractFunction2<Object, PackedPart, BoxedUnit> {

    private final LongConsumer progress;
    private final List<PackedFile> files = new ArrayList<>();
    private final DataStatistics statistics;
    private Fingerprint fingerprint = Fingerprint.EMPTY;
    private long rows;

    Parts(Source source, LongConsumer progress) {
      this.progress = progress;
      statistics = new DataStatistics(source.shape().channels(), source.classes().size());
    }

    @Override
    public BoxedUnit apply(Object number, PackedPart part) {
      files.addAll(Arrays.asList(part.files()));
      statistics.add(part.statistics());
      fingerprint = fingerprint.plus(part.fingerprint());
      for (PackedFile file : part.files()) {
        rows += file.count();
      }
      progress.accept(rows);
      return BoxedUnit.UNIT;
    }

    Set<String> names() {
      return files.stream().map(PackedFile::name).collect(Collectors.toSet());
    }

    PackedManifest manifest(Source source) {
      files.sort(Comparator.comparing(PackedFile::name));
      return PackedManifest.of(source, fingerprint.toString(), statistics, files);
    }
  }
}
