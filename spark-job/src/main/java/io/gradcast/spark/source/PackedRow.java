package io.gradcast.spark.source;

import io.gradcast.engine.data.Samples;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** A sample as Parquet is given it. */
record PackedRow(Samples samples, int row) {

  /** Gives Parquet the columns of rows. */
  static final class Support extends WriteSupport<PackedRow> {

    private final boolean severalLabels;
    private RecordConsumer out;

    Support(boolean severalLabels) {
      this.severalLabels = severalLabels;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    public WriteContext init(Configuration configuration) {
      return new WriteContext(PackedLayout.columns(severalLabels), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(PackedRow of) {
      Samples samples = of.samples;
      out.startMessage();
      out.startField(PackedLayout.ID, 0);
      out.addLong(samples.ids()[of.row]);
      out.endField(PackedLayout.ID, 0);
      if (severalLabels) {
        writeLabels(samples, of.row);
      } else {
        out.startField(PackedLayout.LABEL, 1);
        out.addInteger(samples.label(of.row));
        out.endField(PackedLayout.LABEL, 1);
      }
      out.startField(PackedLayout.IMAGE, 2);
      out.addBinary(
          Binary.fromConstantByteArray(
              samples.pixels(), samples.start(of.row), samples.shape().size()));
      out.endField(PackedLayout.IMAGE, 2);
      out.endMessage();
    }

    /** The classes that it has, as Parquet's lists are nested. */
    private void writeLabels(Samples samples, int row) {
      out.startField(PackedLayout.LABELS, 1);
      out.startGroup();
      boolean any = false;
      for (int i = 0; i < samples.labelClasses(); i++) {
        if (samples.has(row, i)) {
          if (!any) {
            out.startField("list", 0);
            any = true;
          }
          out.startGroup();
          out.startField("element", 0);
          out.addInteger(i);
          out.endField("element", 0);
          out.endGroup();
        }
      }
      if (any) {
        out.endField("list", 0);
      }
      out.endGroup();
      out.endField(PackedLayout.LABELS, 1);
    }
  }
}
