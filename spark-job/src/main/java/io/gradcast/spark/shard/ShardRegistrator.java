package io.gradcast.spark.shard;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Calibration;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.eval.Mistakes;
import io.gradcast.engine.eval.Prediction;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.spark.source.RecordRegistrator;
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
    kryo.register(Examination.class);
    kryo.register(Examination[].class);
    kryo.register(Calibration.class);
    kryo.register(Mistakes.class);
    kryo.register(Prediction.class, new PredictionSerializer());
    kryo.register(Prediction[].class);
    kryo.register(Fingerprint.class, new FingerprintSerializer());
    kryo.register(Fingerprint[].class);
    kryo.register(Shard.class, new ShardSerializer());
    kryo.register(Shard[].class);
    RecordRegistrator.registerClasses(kryo);
  }

  private static final class ShardSerializer extends Serializer<Shard> {

    @Override
    public void write(Kryo kryo, Output out, Shard shard) {
      // Those in files are nowhere but in their executor.
      Samples samples = (Samples) shard.samples();
      out.writeInt(samples.shape().channels());
      out.writeInt(samples.shape().height());
      out.writeInt(samples.shape().width());
      kryo.writeObject(out, samples.ids());
      kryo.writeObject(out, samples.pixels());
      kryo.writeObject(out, samples.labels());
      out.writeInt(samples.labelClasses());
    }

    @Override
    public Shard read(Kryo kryo, Input in, Class<Shard> type) {
      Shape shape = new Shape(in.readInt(), in.readInt(), in.readInt());
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
}
