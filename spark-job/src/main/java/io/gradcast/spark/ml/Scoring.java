package io.gradcast.spark.ml;

import io.gradcast.spark.score.Scorer;
import io.gradcast.spark.score.SharedModel;
import io.gradcast.spark.source.ImageForm;
import io.gradcast.spark.source.PixelDecoder;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Appends what a model makes of an image to each row. Rows go through the network in groups of
 * lanes, and are in memory for so long.
 *
 * @param form of the images, which is that of the network
 * @param column that they are in
 * @param outputs in the order of the columns that are appended
 * @param thresholds as Spark's classifiers have them; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Scoring(
    SharedModel model, ImageForm form, String column, List<Output> outputs, double[] thresholds)
    implements MapPartitionsFunction<Row, Row>, Serializable {

  /** A column. */
  enum Output {
    RAW_PREDICTION,
    PROBABILITY,
    PREDICTION
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Groups(rows);
  }

  private final class Groups implements Iterator<Row> {

    private final Iterator<Row> rows;
    private final Scorer scorer = model.scorer();
    private final PixelDecoder decoder = new PixelDecoder(form);
    private final Row[] group = new Row[Scorer.LANES];
    private final byte[][] images = new byte[Scorer.LANES][];
    private int count;
    private int lane;

    Groups(Iterator<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return lane < count || rows.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (lane == count) {
        lane = 0;
        for (count = 0; count < Scorer.LANES && rows.hasNext(); count++) {
          group[count] = rows.next();
          images[count] = Features.pixels(decoder, column, group[count].getAs(column));
        }
        scorer.score(images, count);
      }
      Row row = scored(group[lane]);
      lane++;
      return row;
    }

    private Row scored(Row row) {
      double[] raw = Scores.raw(scorer, lane);
      double[] probabilities = raw.clone();
      Scores.normalize(probabilities);
      Object[] values = new Object[row.size() + outputs.size()];
      for (int i = 0; i < row.size(); i++) {
        values[i] = row.get(i);
      }
      for (int i = 0; i < outputs.size(); i++) {
        values[row.size() + i] =
            switch (outputs.get(i)) {
              case RAW_PREDICTION -> Vectors.dense(raw);
              case PROBABILITY -> Vectors.dense(probabilities);
              case PREDICTION ->
                  (double) Scores.prediction(scorer, lane, probabilities, thresholds);
            };
      }
      return RowFactory.create(values);
    }
  }
}
