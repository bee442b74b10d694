package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * Records as a data set: read and decoded once, then sorted by their keys, which numbers them. The
 * sorted ones are in Spark's shuffle files, on the executors' disks, for as long as this is used;
 * those that are bad are passed over.
 */
public final class TableSource implements Source {

  /** A little over what a task has at once, so that tasks end at about the same time. */
  private static final int PARTS_A_CORE = 4;

  private final Records records;
  private final JavaPairRDD<RecordKey, ImageRecord> sorted;
  private final Shape shape;
  private final List<String> classes;
  private final long[] firstIds;
  private final long[] samplesPerClass;
  private final long bad;

  private TableSource(
      Records records,
      JavaPairRDD<RecordKey, ImageRecord> sorted,
      List<Summary> parts,
      Summary all,
      Shape shape,
      List<String> classes) {
    this.records = records;
    this.sorted = sorted;
    this.shape = shape;
    this.classes = classes;
    firstIds = new long[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      firstIds[i + 1] = firstIds[i] + parts.get(i).count(shape);
    }
    Map<String, Long> labels = all.shapes().get(shape).labels();
    samplesPerClass = classes.stream().mapToLong(name -> labels.getOrDefault(name, 0L)).toArray();
    bad = records.rejectedFiles().size() + all.records() - count();
  }

  /**
   * Reads all records.
   *
   * @param classes that there may be; none where the data say it
   */
  public static TableSource open(
      JavaSparkContext context,
      Records records,
      ImageForm form,
      List<String> classes,
      Tolerance tolerance) {
    return records.attempt(
        () -> {
          KeyRanges ranges = records.ranges(context, PARTS_A_CORE * context.defaultParallelism());
          JavaPairRDD<RecordKey, ImageRecord> sorted =
              records
                  .read(context, new Decoding(form, true, classes))
                  .repartitionAndSortWithinPartitions(ranges);
          boolean unique = records.hasIds();
          List<Summary> parts =
              sorted.mapPartitions(part -> List.of(Summary.of(part, unique)).iterator()).collect();
          Summary all = new Summary();
          parts.forEach(all::add);
          Shape shape = check(records, all, tolerance);
          Set<String> labels = new TreeSet<>(records.declaredClasses());
          labels.addAll(all.shapes().get(shape).labels().keySet());
          List<String> names = classes.isEmpty() ? ClassNames.of(labels) : classes;
          return new TableSource(records, sorted, parts, all, shape, names);
        });
  }

  /** That all records can be taken, or as many as must be; returns their shape. */
  private static Shape check(Records records, Summary all, Tolerance tolerance) {
    String name = records.name();
    if (all.records() == 0) {
      throw GradcastException.data("data %s: expected records, found none".formatted(name));
    }
    if (all.twice() != null) {
      throw GradcastException.data(
          "data %s: expected ids of one record each, found %s twice"
              .formatted(name, records.describe(all.twice())));
    }
    Shape shape = all.shapes().keySet().stream().findFirst().orElse(null);
    long found = records.rejectedFiles().size() + all.records();
    long bad = found - all.count(shape);
    boolean borne = tolerance.skips() && bad <= tolerance.most() * found;
    if (bad > 0 && (shape == null || !borne)) {
      throw GradcastException.data(
          "data %s: %s%s"
              .formatted(name, first(records, all, shape), others(tolerance, bad, found)));
    }
    return shape;
  }

  /** The first thing wrong, where a size other than that of the first image is wrong as well. */
  private static String first(Records records, Summary all, Shape shape) {
    if (!records.rejectedFiles().isEmpty()) {
      Rejected file = records.rejectedFiles().get(0);
      return "%s: %s".formatted(file.record(), file.problem());
    }
    RecordKey key = all.firstProblem() == null ? null : all.firstProblem().key();
    String text = all.firstProblem() == null ? null : all.firstProblem().text();
    for (Map.Entry<Shape, Summary.OfShape> other : all.shapes().entrySet()) {
      RecordKey first = other.getValue().first();
      if (!other.getKey().equals(shape) && (key == null || first.compareTo(key) < 0)) {
        key = first;
        text = wrongShape(shape, other.getKey());
      }
    }
    return "%s: %s".formatted(records.describe(key), text);
  }

  static String wrongShape(Shape expected, Shape found) {
    return "expected an image of %s like the first, found %s; image-size and channels make them alike"
        .formatted(expected, found);
  }

  private static String others(Tolerance tolerance, long bad, long records) {
    if (tolerance.skips()) {
      return "; max-bad-fraction is %s, %,d of %,d records are bad"
          .formatted(tolerance.most(), bad, records);
    }
    return bad == 1
        ? "; on-bad-record = skip leaves it out"
        : "; on-bad-record = skip leaves it and %,d others out".formatted(bad - 1);
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
    return firstIds[firstIds.length - 1];
  }

  @Override
  public boolean severalLabels() {
    return records.severalLabels();
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public long[] samplesPerClass() {
    return samplesPerClass.clone();
  }

  /** Records that are left out. */
  @Override
  public long bad() {
    return bad;
  }

  /** A line for each record that is left out, in the order of their keys: which, and why. */
  @Override
  public Iterator<Rejected> rejected() {
    Shape expected = shape;
    Iterator<Tuple2<RecordKey, String>> all =
        sorted
            .filter(record -> !isTaken(record._2(), expected))
            .mapValues(record -> problem(record, expected))
            .toLocalIterator();
    Iterator<Rejected> files = records.rejectedFiles().iterator();
    return new Iterator<>() {

      @Override
      public boolean hasNext() {
        return files.hasNext() || all.hasNext();
      }

      @Override
      public Rejected next() {
        if (files.hasNext()) {
          return files.next();
        }
        Tuple2<RecordKey, String> record = all.next();
        return new Rejected(records.describe(record._1()), record._2());
      }
    };
  }

  private static String problem(ImageRecord record, Shape expected) {
    return record.isGood() ? wrongShape(expected, record.image().shape()) : record.problem();
  }

  private static boolean isTaken(ImageRecord record, Shape shape) {
    return record.isGood() && record.image().shape().equals(shape);
  }

  @Override
  public JavaRDD<Samples> read(JavaSparkContext context, int partitions) {
    long[] ids = firstIds;
    Shape expected = shape;
    SamplePacker packer = new SamplePacker(shape, classes, severalLabels());
    return sorted
        .values()
        .filter(record -> isTaken(record, expected))
        .mapPartitionsWithIndex((number, taken) -> packer.pack(taken, ids[number]), true);
  }
}
