package io.gradcast.spark.source;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.gradcast.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * How records travel between executors; the few things that tell of many of them, by Java's own.
 */
public final class RecordRegistrator {

  private RecordRegistrator() {}

  /** Registers what this package sends. */
  public static void registerClasses(Kryo kryo) {
    kryo.register(RecordKey.class);
    kryo.register(RecordKey[].class);
    kryo.register(ImageRecord.class);
    kryo.register(ImageRecord[].class);
    kryo.register(Summary.class);
    kryo.register(KeyRanges.Sampled.class);
    kryo.register(Object[].class);
  }

  /** Named by what it is for, since not every session registers it. */
  public static final class KeySerializer extends Serializer<RecordKey> {

    @Override
    public void write(Kryo kryo, Output out, RecordKey key) {
      out.writeString(key.text());
      out.writeLong(key.first());
      out.writeLong(key.second());
    }

    @Override
    public RecordKey read(Kryo kryo, Input in, Class<RecordKey> type) {
      return new RecordKey(in.readString(), in.readLong(), in.readLong());
    }
  }

  /** Likewise. */
  public static final class ImageRecordSerializer extends Serializer<ImageRecord> {

    @Override
    public void write(Kryo kryo, Output out, ImageRecord record) {
      out.writeString(record.problem());
      if (!record.isGood()) {
        return;
      }
      out.writeInt(record.labels().size());
      record.labels().forEach(out::writeString);
      Shape shape = record.image().shape();
      out.writeInt(shape.channels());
      out.writeInt(shape.height());
      out.writeInt(shape.width());
      out.writeBytes(record.image().pixels());
    }

    @Override
    public ImageRecord read(Kryo kryo, Input in, Class<ImageRecord> type) {
      String problem = in.readString();
      if (problem != null) {
        return new ImageRecord(List.of(), null, problem);
      }
      String[] labels = new String[in.readInt()];
      Arrays.setAll(labels, i -> in.readString());
      Shape shape = new Shape(in.readInt(), in.readInt(), in.readInt());
      byte[] pixels = in.readBytes(shape.size());
      return new ImageRecord(List.of(labels), new Image(shape, pixels), null);
    }
  }
}
