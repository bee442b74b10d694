package io.gradcast.spark.source;

import io.gradcast.engine.data.Samples;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** Fills samples with the rows that Parquet reads, from the first on. */
final class PackedRows extends RecordMaterializer<Samples> {

  private final Samples samples;
  private int row = -1;

  PackedRows(Samples samples) {
    this.samples = samples;
  }

  /** All of the samples, as far as they are filled. */
  @Override
  public Samples getCurrentRecord() {
    return samples;
  }

  @Override
  public GroupConverter getRootConverter() {
    return new Group(
        new Id(),
        samples.severalLabels() ? new Group(new Group(new Label())) : new Label(),
        new Image()) {
      @Override
      public void start() {
        row++;
      }
    };
  }

  private static class Group extends GroupConverter {

    private final Converter[] fields;

    Group(Converter... fields) {
      this.fields = fields;
    }

    @Override
    public Converter getConverter(int field) {
      return fields[field];
    }

    @Override
    public void start() {
      // Fields say where they are themselves.
    }

    @Override
    public void end() {
      // And are in their places at once.
    }
  }

  private final class Id extends PrimitiveConverter {

    @Override
    public void addLong(long value) {
      samples.ids()[row] = value;
    }
  }

  private final class Label extends PrimitiveConverter {

    @Override
    public void addInt(int value) {
      if (samples.severalLabels()) {
        samples.labels()[row * samples.labelClasses() + value] = 1;
      } else {
        samples.labels()[row] = value;
      }
    }
  }

  private final class Image extends PrimitiveConverter {

    @Override
    public void addBinary(Binary value) {
      int size = samples.shape().size();
      if (value.length() != size) {
        throw new IllegalArgumentException("an image of %d bytes".formatted(value.length()));
      }
      value.toByteBuffer().get(samples.pixels(), samples.start(row), size);
    }
  }
}
