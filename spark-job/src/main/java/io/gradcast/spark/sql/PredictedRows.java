package io.gradcast.spark.sql;

import io.gradcast.spark.score.Scorer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataType;

/** Rows with predictions behind their columns: a group of rows is in memory at a time. */
final class PredictedRows implements Iterator<InternalRow> {

  private final Iterator<InternalRow> rows;
  private final List<ColumnScorer> columns;
  private final InternalRow[] group = new InternalRow[Scorer.LANES];
  private final InternalRow[] predicted = new InternalRow[Scorer.LANES];
  private final JoinedRow joined = new JoinedRow();
  private final UnsafeProjection projection;

  /** Rows in the group. */
  private int count;

  /** The place in the group of the next row. */
  private int next;

  /**
   * Predicts for the rows of a partition.
   *
   * @param types of all columns, those of the predictions last
   */
  PredictedRows(Iterator<InternalRow> rows, List<ImageColumn> columns, DataType[] types) {
    this.rows = rows;
    this.columns = columns.stream().map(ColumnScorer::new).toList();
    projection = UnsafeProjection.create(types);
  }

  @Override
  public boolean hasNext() {
    return next < count || rows.hasNext();
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (next == count) {
      predictGroup();
    }
    InternalRow row = projection.apply(joined.apply(group[next], predicted[next]));
    next++;
    return row;
  }

  private void predictGroup() {
    next = 0;
    count = 0;
    while (count < group.length && rows.hasNext()) {
      // Spark gives every row in the same memory.
      group[count] = rows.next().copy();
      predicted[count] = new GenericInternalRow(columns.size());
      count++;
    }
    for (int column = 0; column < columns.size(); column++) {
      columns.get(column).score(group, count, predicted, column);
    }
  }
}
