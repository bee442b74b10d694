package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A folder of images of which none may be bad: then the paths say all, and images are decoded when
 * they are wanted. A sample's id is the place of its path among all.
 */
final class FolderSource implements Source {

  private final FolderRecords records;
  private final Decoding decoding;
  private final Shape shape;
  private final List<String> classes;
  private final long[] samplesPerClass;

  private FolderSource(
      FolderRecords records, Decoding decoding, Shape shape, List<String> classes, long[] samples) {
    this.records = records;
    this.decoding = decoding;
    this.shape = shape;
    this.classes = classes;
    samplesPerClass = samples;
  }

  /**
   * Decodes the first image, for its shape.
   *
   * @param known the classes that there may be; none where the folders say it
   */
  static FolderSource open(
      JavaSparkContext context, FolderRecords records, ImageForm form, List<String> known) {
    TreeMap<String, Long> samples = new TreeMap<>();
    records.paths().forEach(path -> samples.merge(FolderRecords.label(path), 1L, Long::sum));
    Set<String> labels = new TreeSet<>(records.declaredClasses());
    labels.addAll(samples.keySet());
    List<String> classes = known.isEmpty() ? ClassNames.of(labels) : known;
    Decoding decoding = new Decoding(form, true, classes);
    Set<String> unknown = new TreeSet<>(samples.keySet());
    unknown.removeAll(Set.copyOf(classes));
    // The first of them, whose record says what is wrong with the label.
    String first =
        records.paths().stream()
            .filter(path -> unknown.contains(FolderRecords.label(path)))
            .findFirst()
            .orElse(records.paths().get(0));
    ImageRecord image = ImageFiles.of(context, decoding).read(first);
    requireGood(records.name(), first, image);
    return new FolderSource(
        records,
        decoding,
        image.image().shape(),
        classes,
        classes.stream().mapToLong(name -> samples.getOrDefault(name, 0L)).toArray());
  }

  private static void requireGood(String name, String path, ImageRecord image) {
    if (!image.isGood()) {
      throw bad(name, path, image.problem());
    }
  }

  private static GradcastException bad(String name, String path, String problem) {
    return GradcastException.data(
        "data %s: %s: %s; on-bad-record = skip leaves it out".formatted(name, path, problem));
  }

  @Override
  public String name() {
    return records.name();
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public long count() {
    return records.paths().size();
  }

  @Override
  public boolean severalLabels() {
    return false;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public long[] samplesPerClass() {
    return samplesPerClass.clone();
  }

  @Override
  public JavaRDD<Samples> read(JavaSparkContext context, int partitions) {
    String name = records.name();
    Shape expected = shape;
    long count = count();
    ImageFiles files = ImageFiles.of(context, decoding);
    SamplePacker packer = new SamplePacker(shape, classes, false);
    return context
        .parallelize(records.paths(), partitions)
        .mapPartitionsWithIndex(
            // Spark cuts a list where these are the first of a partition.
            (number, paths) ->
                packer.pack(new Reading(name, expected, files, paths), number * count / partitions),
            true);
  }

  /** The images of some files. */
  private record Reading(String name, Shape shape, ImageFiles files, Iterator<String> paths)
      implements Iterator<ImageRecord> {

    @Override
    public boolean hasNext() {
      return paths.hasNext();
    }

    @Override
    public ImageRecord next() {
      String path = paths.next();
      ImageRecord image = files.read(path);
      requireGood(name, path, image);
      if (!image.image().shape().equals(shape)) {
        throw bad(name, path, TableSource.wrongShape(shape, image.image().shape()));
      }
      return image;
    }
  }
}
