package io.gradcast.spark.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradcast.engine.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Makes records of the rows of {@link TableRecords#rows}, in the order in which they are in their
 * files. For one task.
 */
public final class RowReader implements PairFunction<Row, RecordKey, ImageRecord> {

  private static final long serialVersionUID = 1;

  private final KeyKind kind;
  private final int pixels;
  private final Decoding decoding;
  private final PixelDecoder decoder;
  private final TableRecords.Places places = new TableRecords.Places();

  /**
   * @param pixels columns that are one pixel each; 0 where one column is the image
   */
  RowReader(KeyKind kind, int pixels, Decoding decoding) {
    this.kind = kind;
    this.pixels = pixels;
    this.decoding = decoding;
    decoder = new PixelDecoder(decoding.form());
  }

  @Override
  public Tuple2<RecordKey, ImageRecord> call(Row row) {
    ImageRecord record = read(row);
    return new Tuple2<>(key(row, record), record);
  }

  private RecordKey key(Row row, ImageRecord record) {
    return switch (kind) {
      case ID -> TableRecords.idKey(row);
      case PLACE -> places.next(row);
      case CONTENT -> contentKey(row, record);
    };
  }

  /** Records that have the same are the same. */
  private static RecordKey contentKey(Row row, ImageRecord record) {
    MessageDigest sha256 = Sha256.digest();
    sha256.update((record.labels() + "|" + record.problem() + "|").getBytes(UTF_8));
    sha256.update(
        record.isGood()
            ? record.image().pixels()
            : String.valueOf(row.get(TableRecords.IMAGE)).getBytes(UTF_8));
    ByteBuffer hash = ByteBuffer.wrap(sha256.digest());
    return new RecordKey("", hash.getLong(), hash.getLong());
  }

  private ImageRecord read(Row row) {
    try {
      if (kind == KeyKind.ID && row.isNullAt(TableRecords.ID)) {
        throw new BadRecord("an id", "none");
      }
      if (pixels > 0 && !row.isNullAt(TableRecords.IMAGE + pixels)) {
        throw new BadRecord("as many fields as other lines have", "another number");
      }
      Image image = decoder.decode(pixels > 0 ? numbers(row) : row.get(TableRecords.IMAGE));
      return new ImageRecord(decoding.labels(row.get(TableRecords.LABEL)), image, null);
    } catch (BadRecord e) {
      return ImageRecord.bad(e);
    }
  }

  private double[] numbers(Row row) throws BadRecord {
    double[] numbers = new double[pixels];
    for (int i = 0; i < pixels; i++) {
      String text = row.getString(TableRecords.IMAGE + i);
      try {
        numbers[i] = Double.parseDouble(text);
      } catch (NumberFormatException | NullPointerException e) {
        throw new BadRecord("a number at place " + i, text == null ? "nothing" : text);
      }
    }
    return numbers;
  }
}
