package io.gradcast.spark.source;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import scala.Tuple2;

/** What the records of a partition, or of several in their order, come to. */
@DefaultSerializer(JavaSerializer.class)
final class Summary implements Serializable {

  private static final long serialVersionUID = 1;

  /** More names than this are hardly those of classes. */
  private static final int MOST_CLASSES = 1 << 16;

  /** Good records of one shape. */
  static final class OfShape implements Serializable {

    private static final long serialVersionUID = 1;

    private final RecordKey first;
    private final Map<String, Long> labels = new TreeMap<>();
    private long count;

    OfShape(RecordKey first) {
      this.first = first;
    }

    RecordKey first() {
      return first;
    }

    long count() {
      return count;
    }

    /** How many have each label. */
    Map<String, Long> labels() {
      return labels;
    }

    private void count(String label, long records) {
      labels.merge(label, records, Long::sum);
      if (labels.size() > MOST_CLASSES) {
        throw GradcastException.data(
            "label-column: expected %,d different labels at most, found more"
                .formatted(MOST_CLASSES));
      }
    }
  }

  /** In the order in which they come first. */
  private final Map<Shape, OfShape> shapes = new LinkedHashMap<>();

  /** A bad record and what is wrong with it. */
  record Problem(RecordKey key, String text) implements Serializable {}

  private Problem firstProblem;
  private RecordKey twice;
  private long bad;

  /** Of records that come sorted by their keys. */
  static Summary of(Iterator<Tuple2<RecordKey, ImageRecord>> records, boolean unique) {
    Summary summary = new Summary();
    RecordKey last = null;
    while (records.hasNext()) {
      Tuple2<RecordKey, ImageRecord> record = records.next();
      RecordKey key = record._1();
      summary.add(key, record._2());
      if (unique && key.equals(last) && summary.twice == null && record._2().isGood()) {
        summary.twice = key;
      }
      last = key;
    }
    return summary;
  }

  private void add(RecordKey key, ImageRecord record) {
    if (!record.isGood()) {
      bad++;
      if (firstProblem == null) {
        firstProblem = new Problem(key, record.problem());
      }
      return;
    }
    OfShape shape = shapes.computeIfAbsent(record.image().shape(), any -> new OfShape(key));
    shape.count++;
    record.labels().stream().distinct().forEach(label -> shape.count(label, 1));
  }

  /** Adds what comes after. */
  void add(Summary next) {
    next.shapes.forEach(
        (shape, part) -> {
          OfShape all = shapes.computeIfAbsent(shape, any -> new OfShape(part.first));
          all.count += part.count;
          part.labels.forEach(all::count);
        });
    bad += next.bad;
    firstProblem = firstProblem == null ? next.firstProblem : firstProblem;
    twice = twice == null ? next.twice : twice;
  }

  /** By shape, in the order in which they come first. */
  Map<Shape, OfShape> shapes() {
    return shapes;
  }

  /** Good records of a shape. */
  long count(Shape shape) {
    return shapes.containsKey(shape) ? shapes.get(shape).count : 0;
  }

  /** Records with something wrong. */
  long bad() {
    return bad;
  }

  /** All records. */
  long records() {
    return bad + shapes.values().stream().mapToLong(OfShape::count).sum();
  }

  /** Of the first bad record; null where there is none. */
  Problem firstProblem() {
    return firstProblem;
  }

  /** A key that more than one record has; null where there is none. */
  RecordKey twice() {
    return twice;
  }
}
