package io.gradcast.spark.sql;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.score.Scorer;
import io.gradcast.spark.source.BadRecord;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Function1;

/** Evaluates a function for groups of rows; for one thread. */
final class ColumnScorer {

  private final ImageColumn column;
  private final Scorer scorer;
  private final ImageOptions.Reader reader;
  private final Function1<Object, Object> converter;
  private final byte[][] images = new byte[Scorer.LANES][];

  /** The place in the group of each lane's row. */
  private final int[] places = new int[Scorer.LANES];

  /** Rows of earlier groups. */
  private long before;

  ColumnScorer(ImageColumn column) {
    this.column = column;
    scorer = column.model().scorer();
    reader = column.options().reader(scorer.shape());
    converter = CatalystTypeConverters.createToScalaConverter(column.image().dataType());
  }

  /**
   * Sets a column of the first rows' predictions: to nothing where a row has no image.
   *
   * @param rows from 1 to {@link Scorer#LANES}
   */
  void score(InternalRow[] rows, int count, InternalRow[] predictions, int index) {
    int lanes = 0;
    for (int place = 0; place < count; place++) {
      Object image = column.image().eval(rows[place]);
      if (image != null) {
        images[lanes] = read(image, before + place);
        places[lanes] = place;
        lanes++;
      }
    }
    if (lanes > 0) {
      scorer.score(images, lanes);
    }
    for (int lane = 0; lane < lanes; lane++) {
      predictions[places[lane]].update(index, prediction(lane));
    }
    before += count;
  }

  private byte[] read(Object image, long row) {
    try {
      return reader.read(converter.apply(image));
    } catch (BadRecord e) {
      throw GradcastException.data(
          "%s: row %d of partition %d: %s"
              .formatted(column.name(), row, TaskContext.getPartitionId(), e.getMessage()));
    }
  }

  private InternalRow prediction(int lane) {
    float[] scores = scorer.scores(lane);
    float confidence = scores[0];
    for (float score : scores) {
      confidence = Math.max(confidence, score);
    }
    return new GenericInternalRow(
        new Object[] {
          UTF8String.fromString(scorer.predicted(lane)),
          confidence,
          UnsafeArrayData.fromPrimitiveArray(scores)
        });
  }
}
