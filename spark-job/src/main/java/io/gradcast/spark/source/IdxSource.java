package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.data.IdxReader;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.spark.store.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A pair of IDX files, images and labels, by MNIST's names, plain or gzip: labels idx1 have one a
 * sample, labels idx2 any number. A sample's stable id is its place in them. Only the headers and
 * the labels, of a byte each, are read on the driver; executors read their ranges.
 *
 * @param images URI of the images
 * @param labels URI of the labels
 * @param severalLabels whether a sample may have any number of them; else it has one
 * @param samplesPerClass by class, of which there are as many as idx2 has columns, or one more than
 *     the greatest label in idx1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record IdxSource(
    String images,
    String labels,
    boolean severalLabels,
    int samples,
    Shape shape,
    long[] samplesPerClass)
    implements Source, Serializable {

  private static final int LABELS_AT_A_TIME = 1 << 20;

  /** Which of the two pairs in a folder. */
  public enum Split {
    TRAIN("train", "train"),
    TEST("t10k", "test");

    private final String prefix;
    private final String folder;

    Split(String prefix, String folder) {
      this.prefix = prefix;
      this.folder = folder;
    }

    /** What a subfolder of it is called. */
    String folder() {
      return folder;
    }
  }

  /** Finds a pair in a folder and reads its headers. */
  public static IdxSource open(Storage storage, String folder, Split split) {
    Path path = Storage.path("data", folder);
    try {
      FileStatus status = storage.statusOrNull(path);
      if (status == null || !status.isDirectory()) {
        throw GradcastException.data(
            "data %s: expected a folder of IDX files, found %s"
                .formatted(path, status == null ? "nothing" : "a file"));
      }
      Path images = find(storage, path, split.prefix + "-images-idx3-ubyte");
      Path one = findOrNull(storage, path, split.prefix + "-labels-idx1-ubyte");
      Path several = findOrNull(storage, path, split.prefix + "-labels-idx2-ubyte");
      if (one != null && several != null) {
        throw GradcastException.data(
            "data %s: expected labels idx1, one a sample, or idx2, several, found both: %s and %s"
                .formatted(path, one.getName(), several.getName()));
      }
      boolean severalLabels = several != null;
      Path labels =
          severalLabels ? several : find(storage, path, split.prefix + "-labels-idx1-ubyte");
      try (IdxReader imageReader = readImages(storage, images);
          IdxReader labelReader = readLabels(storage, labels, severalLabels)) {
        imageReader.requireSameCount(labelReader);
        return new IdxSource(
            images.toString(),
            labels.toString(),
            severalLabels,
            imageReader.count(),
            imageReader.shape(),
            countLabels(labelReader, severalLabels));
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static Path find(Storage storage, Path folder, String name) throws IOException {
    Path path = findOrNull(storage, folder, name);
    if (path == null) {
      throw GradcastException.data(
          "data %s: expected the file %s or %s.gz, found neither".formatted(folder, name, name));
    }
    return path;
  }

  private static Path findOrNull(Storage storage, Path folder, String name) throws IOException {
    for (String candidate : new String[] {name, name + ".gz"}) {
      Path path = storage.qualified(new Path(folder, candidate));
      FileStatus status = storage.statusOrNull(path);
      if (status != null && status.isFile()) {
        if (status.getLen() == 0) {
          throw GradcastException.data(path + ": expected IDX data, found an empty file");
        }
        return path;
      }
    }
    return null;
  }

  private static long[] countLabels(IdxReader labels, boolean several) throws IOException {
    int columns = several ? labels.shape().size() : 1;
    long[] counts = new long[several ? columns : 1 << Byte.SIZE];
    int classes = columns;
    int atATime = Math.max(1, LABELS_AT_A_TIME / columns);
    for (int done = 0; done < labels.count(); done += atATime) {
      byte[] items = labels.readItems(Math.min(atATime, labels.count() - done));
      for (int i = 0; i < items.length; i++) {
        int label = several ? i % columns : Byte.toUnsignedInt(items[i]);
        counts[label] += several ? items[i] : 1;
        classes = Math.max(classes, label + 1);
      }
    }
    return Arrays.copyOf(counts, classes);
  }

  @Override
  public String name() {
    return images;
  }

  @Override
  public long count() {
    return samples;
  }

  @Override
  public List<String> classes() {
    return IntStream.range(0, samplesPerClass.length).mapToObj(Integer::toString).toList();
  }

  @Override
  public JavaRDD<Samples> read(JavaSparkContext context, int partitions) {
    List<Integer> numbers = IntStream.range(0, partitions).boxed().toList();
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    IdxSource source = this;
    return context
        .parallelize(numbers, partitions)
        .map(
            number -> {
              long first = (long) source.samples * number / partitions;
              long end = (long) source.samples * (number + 1) / partitions;
              Storage storage = new Storage(configuration.value().value());
              return source.read(storage, first, (int) (end - first));
            });
  }

  /** Reads samples {@code first} to {@code first + items - 1}. */
  public Samples read(Storage storage, long first, int items) {
    try (IdxReader imageReader = readImages(storage, new Path(images));
        IdxReader labelReader = readLabels(storage, new Path(labels), severalLabels)) {
      return IdxReader.read(imageReader, labelReader, first, items);
    } catch (IOException e) {
      throw unreadable(new Path(images), e);
    }
  }

  private static IdxReader readImages(Storage storage, Path path) throws IOException {
    return IdxReader.images(unpacked(storage, path), path.toString());
  }

  private static IdxReader readLabels(Storage storage, Path path, boolean several)
      throws IOException {
    InputStream in = unpacked(storage, path);
    return several
        ? IdxReader.labelSets(in, path.toString())
        : IdxReader.labels(in, path.toString());
  }

  private static InputStream unpacked(Storage storage, Path path) {
    try {
      return storage.openUnpacked(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static GradcastException unreadable(Path path, IOException e) {
    String found =
        e instanceof FileNotFoundException
            ? "nothing there"
            : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new GradcastException(
        Kind.DATA, "%s: expected readable IDX data, found: %s".formatted(path, found), e);
  }
}
