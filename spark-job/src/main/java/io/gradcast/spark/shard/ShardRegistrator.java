package io.gradcast.spark.shard;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Example;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.Inspection;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Calibration;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.eval.Mistakes;
import io.gradcast.engine.eval.Prediction;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.spark.source.PackedFile;
import io.gradcast.spark.source.PackedPart;
import io.gradcast.spark.source.RecordRegistrator;
import java.util.ArrayList;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * All of ours that travels between driver and executors. Records have serializers of their own,
 * since Kryo cannot set their fields.
 */
public final class ShardRegistrator implements KryoRegistrator {

  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(GradientSum.class);
    kryo.register(GradientSum[].class);
    kryo.register(Evaluation.class);
    kryo.register(Evaluation[].class);
    kryo.register(DataStatistics.class);
    kryo.register(DataStatistics[].class);
    kryo.register(Inspection.class);
    kryo.register(ArrayList.class);
    kryo.register(Example.class, new ExampleSerializer());
    kryo.register(long[][].class);
    kryo.register(Examination.class);
    kryo.register(Examination[].class);
    kryo.register(Calibration.class);
    kryo.register(Mistakes.class);
    kryo.register(Prediction.class, new PredictionSerializer());
    kryo.register(Prediction[].class);
    kryo.register(Fingerprint.class, new FingerprintSerializer());
    kryo.register(Fingerprint[].class);
    kryo.register(PackedPart.class, new PackedPartSerializer());
    kryo.register(long[][].class);
    kryo.register(Shard.class, new ShardSerializer());
    kryo.register(Shard[].class);
    RecordRegistrator.registerClasses(kryo);
  }

  private static void writeShape(Output out, Shape shape) {
    out.writeInt(shape.channels());
    out.writeInt(shape.height());
    out.writeInt(shape.width());
  }

  private static Shape readShape(Input in) {
    return new Shape(in.readInt(), in.readInt(), in.readInt());
  }

  /** Kryo makes one wherever it meets a shard. */
  public static final class ShardSerializer extends Serializer<Shard> {

    @Override
    public void write(Kryo kryo, Output out, Shard shard) {
      // Those in files are nowhere but in their executor.
      Samples samples = (Samples) shard.samples();
      writeShape(out, samples.shape());
      kryo.writeObject(out, samples.ids());
      kryo.writeObject(out, samples.pixels());
      kryo.writeObject(out, samples.labels());
      out.writeInt(samples.labelClasses());
    }

    @Override
    public Shard read(Kryo kryo, Input in, Class<Shard> type) {
      Shape shape = readShape(in);
      long[] ids = kryo.readObject(in, long[].class);
      byte[] pixels = kryo.readObject(in, byte[].class);
      int[] labels = kryo.readObject(in, int[].class);
      return new Shard(new Samples(shape, ids, pixels, labels, in.readInt()));
    }
  }

  private static final class PredictionSerializer extends Serializer<Prediction> {

    @Override
    public void write(Kryo kryo, Output out, Prediction prediction) {
      out.writeLong(prediction.id());
      kryo.writeObject(out, prediction.labels());
      kryo.writeObject(out, prediction.predicted());
      out.writeFloat(prediction.loss());
      out.writeFloat(prediction.confidence());
      kryo.writeObject(out, prediction.pixels());
    }

    @Override
    public Prediction read(Kryo kryo, Input in, Class<Prediction> type) {
      return new Prediction(
          in.readLong(),
          kryo.readObject(in, int[].class),
          kryo.readObject(in, int[].class),
          in.readFloat(),
          in.readFloat(),
          kryo.readObject(in, byte[].class));
    }
  }

  private static final class FingerprintSerializer extends Serializer<Fingerprint> {

    @Override
    public void write(Kryo kryo, Output out, Fingerprint fingerprint) {
      out.writeLong(fingerprint.high());
      out.writeLong(fingerprint.low());
    }

    @Override
    public Fingerprint read(Kryo kryo, Input in, Class<Fingerprint> type) {
      return new Fingerprint(in.readLong(), in.readLong());
    }
  }

  private static final class ExampleSerializer extends Serializer<Example> {

    @Override
    public void write(Kryo kryo, Output out, Example example) {
      out.writeLong(example.id());
      writeShape(out, example.shape());
      kryo.writeObject(out, example.labels());
      kryo.writeObject(out, example.pixels());
    }

    @Override
    public Example read(Kryo kryo, Input in, Class<Example> type) {
      return new Example(
          in.readLong(),
          readShape(in),
          kryo.readObject(in, int[].class),
          kryo.readObject(in, byte[].class));
    }
  }

  private static final class PackedPartSerializer extends Serializer<PackedPart> {

    @Override
    public void write(Kryo kryo, Output out, PackedPart part) {
      out.writeInt(part.files().length);
      for (PackedFile file : part.files()) {
        out.writeString(file.name());
        out.writeLong(file.bytes());
        kryo.writeObject(out, file.rows());
        kryo.writeObject(out, file.checksums());
      }
      kryo.writeObject(out, part.fingerprint());
      kryo.writeObject(out, part.statistics());
    }

    @Override
    public PackedPart read(Kryo kryo, Input in, Class<PackedPart> type) {
      PackedFile[] files = new PackedFile[in.readInt()];
      for (int i = 0; i < files.length; i++) {
        files[i] =
            new PackedFile(
                in.readString(),
                in.readLong(),
                kryo.readObject(in, int[].class),
                kryo.readObject(in, int[].class));
      }
      return new PackedPart(
          files, kryo.readObject(in, Fingerprint.class), kryo.readObject(in, DataStatistics.class));
    }
  }
}
