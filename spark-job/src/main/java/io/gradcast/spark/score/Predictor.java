package io.gradcast.spark.score;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.source.DataFailures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Applies a model to images as they stream by, without moving any of them. */
public final class Predictor {

  private Predictor() {}

  /**
   * One row an image: what is carried, {@code predicted} (a class name, or where images may have
   * several labels all names with {@value Scorer#SEPARATOR} between them), one score a class. Bad
   * records have no row.
   */
  public static Dataset<Row> predict(
      SparkSession spark,
      SharedModel model,
      List<String> classes,
      ScoringInput input,
      RejectedRecords records) {
    String data = input.name();
    JavaRDD<Row> rows =
        input
            .images()
            .mapPartitions(images -> new Rows(data, model.scorer(), records.begin(), images));
    return spark.createDataFrame(rows, schema(input.carried(), classes));
  }

  private static StructType schema(StructType carried, List<String> classes) {
    StructType found = new StructType().add("predicted", DataTypes.StringType, false);
    for (String name : classes) {
      found = found.add("score_" + name, DataTypes.FloatType, false);
    }
    // As Spark compares them.
    Set<String> names = new HashSet<>();
    Stream.of(found.fieldNames()).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    for (String name : carried.fieldNames()) {
      GradcastException.require(
          names.add(name.toLowerCase(Locale.ROOT)),
          "keep",
          "columns of other names than the predictions have",
          name);
    }
    List<StructField> fields = new ArrayList<>(List.of(carried.fields()));
    fields.addAll(List.of(found.fields()));
    return DataTypes.createStructType(fields);
  }

  /** Reads a group of images whenever the last one is used up: memory does not grow. */
  private static final class Rows implements Iterator<Row> {

    private final String data;
    private final Scorer scorer;
    private final RejectedRecords.Tally tally;
    private final Iterator<Unscored> images;
    private final int classes;
    private final Object[][] carried = new Object[Scorer.LANES][];
    private final byte[][] pixels = new byte[Scorer.LANES][];
    private int count;
    private int next;

    Rows(String data, Scorer scorer, RejectedRecords.Tally tally, Iterator<Unscored> images) {
      this.data = data;
      this.scorer = scorer;
      this.tally = tally;
      this.images = images;
      classes = scorer.classes().size();
    }

    @Override
    public boolean hasNext() {
      if (next == count) {
        next = 0;
        count = DataFailures.reading(data, this::readGroup);
        if (count > 0) {
          scorer.score(pixels, count);
        } else {
          tally.end();
        }
      }
      return next < count;
    }

    /** Returns how many images there are in it. */
    private int readGroup() {
      int read = 0;
      while (read < Scorer.LANES && images.hasNext()) {
        Unscored image = images.next();
        if (image.isGood()) {
          tally.good();
          carried[read] = image.carried();
          pixels[read++] = image.pixels();
        } else {
          tally.bad(image.name(), image.problem());
        }
      }
      return read;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int lane = next++;
      int before = carried[lane].length;
      Object[] values = Arrays.copyOf(carried[lane], before + 1 + classes);
      values[before] = scorer.predicted(lane);
      for (int i = 0; i < classes; i++) {
        values[before + 1 + i] = scorer.score(lane, i);
      }
      return RowFactory.create(values);
    }
  }
}
