package io.gradcast.engine.model;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Sha256;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.net.Network;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link Checkpoint} as a file: a {@link TensorFile} of the measurements, the parameters and what
 * mirrors them, with the run and the position in its metadata, and the hash of all that as its last
 * tensor. The format is specified in docs/CHECKPOINT_FORMAT.md.
 */
public final class CheckpointFile {

  private static final String FORMAT_VERSION = "3";
  private static final int HASH = 32;

  /** Numbers of a measurement: training loss and accuracy, learning rate, seconds, speed. */
  private static final int NUMBERS = 5;

  private CheckpointFile() {}

  /** The file's tensors: wide values first, so that all are aligned. */
  private static List<TensorFile.Entry> entries(
      Network network, long measurements, List<String> mirrors) {
    List<TensorFile.Entry> entries = new ArrayList<>();
    entries.add(
        new TensorFile.Entry(
            "measurements.counts", TensorFile.Type.I64, countsShape(network, measurements)));
    entries.add(
        new TensorFile.Entry("measurements.loss", TensorFile.Type.I64, List.of(measurements)));
    entries.add(
        new TensorFile.Entry("measurements.iteration", TensorFile.Type.I64, List.of(measurements)));
    entries.add(
        new TensorFile.Entry(
            "measurements.numbers", TensorFile.Type.F64, List.of(measurements, (long) NUMBERS)));
    entries.addAll(TensorFile.parameters(network));
    for (String mirror : mirrors) {
      entries.add(
          new TensorFile.Entry(
              mirror, TensorFile.Type.F32, List.of((long) network.parameterCount())));
    }
    entries.add(new TensorFile.Entry("sha256", TensorFile.Type.U8, List.of((long) HASH)));
    return entries;
  }

  private static List<Long> countsShape(Network network, long measurements) {
    long classes = network.classes();
    return network.spec().severalLabels()
        ? List.of(measurements, (long) Evaluation.countLength(network.classes(), true))
        : List.of(measurements, classes, classes);
  }

  /** Writes a checkpoint; equal ones give equal bytes. The stream is left open. */
  public static void write(Checkpoint checkpoint, OutputStream out) throws IOException {
    MessageDigest sha256 = Sha256.digest();
    Network network = checkpoint.network();
    TrainingState state = checkpoint.state();
    List<Measurement> measurements = state.measurements();
    TensorWriter writer =
        new TensorWriter(
            new DigestOutputStream(out, sha256),
            metadata(checkpoint),
            entries(network, measurements.size(), List.copyOf(state.mirrors().keySet())));
    for (Measurement measurement : measurements) {
      writer.longs(measurement.evaluation().counts());
    }
    writer.longs(measurements.stream().mapToLong(it -> it.evaluation().lossSum()).toArray());
    writer.longs(measurements.stream().mapToLong(Measurement::iteration).toArray());
    for (Measurement measurement : measurements) {
      writer.longs(
          Double.doubleToLongBits(measurement.trainLoss()),
          Double.doubleToLongBits(measurement.trainAccuracy()),
          Double.doubleToLongBits(measurement.learningRate()),
          Double.doubleToLongBits(measurement.seconds()),
          Double.doubleToLongBits(measurement.samplesPerSecond()));
    }
    writer.parameters(network, state.parameters());
    for (float[] mirror : state.mirrors().values()) {
      writer.parameters(network, mirror);
    }
    writer.bytes(sha256.digest());
  }

  private static Map<String, Object> metadata(Checkpoint checkpoint) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("gradcast.checkpoint", FORMAT_VERSION);
    metadata.put(TensorFile.NETWORK, checkpoint.network().spec().text());
    metadata.put("gradcast.provenance", checkpoint.provenance().toJson());
    metadata.put("gradcast.position", position(checkpoint.state()));
    return metadata;
  }

  private static String position(TrainingState state) {
    Map<String, Object> position = new LinkedHashMap<>();
    position.put("epoch", state.epoch());
    position.put("minibatch", state.minibatch());
    position.put("measurements", state.measurements().size());
    position.put("mirrors", List.copyOf(state.mirrors().keySet()));
    position.put("lossSum", state.lossSum());
    position.put("right", state.right());
    position.put("nanos", state.nanos());
    position.put("sinceNanos", state.sinceNanos());
    position.put("busyNanos", state.busyNanos());
    return Json.write(position);
  }

  /**
   * Reads a checkpoint. Every size in the file is checked against the file's length before memory
   * is taken for it, and the whole against its hash.
   *
   * @param length of the whole file, bytes
   * @param where the file's name, for messages
   * @throws IOException where the stream fails, not for what is in it
   */
  public static Checkpoint read(InputStream in, long length, String where) throws IOException {
    MessageDigest sha256 = Sha256.digest();
    TensorReader reader = new TensorReader(new DigestInputStream(in, sha256), length, where);
    reader.requireText("gradcast.checkpoint", FORMAT_VERSION);
    Network network = reader.network();
    Provenance provenance =
        Provenance.fromJson(reader.metadata("gradcast.provenance", "provenance"));
    Fields position = reader.metadata("gradcast.position", "position");
    int count = (int) position.integer("measurements", 0, Integer.MAX_VALUE);
    requireRoom(network, count, reader.dataLength(), where);
    reader.requireTensors(entries(network, count, position.texts("mirrors")));
    List<Measurement> measurements = measurements(reader, network, provenance, count);
    TrainingState state = state(reader, network, provenance, position, measurements);
    byte[] expected = sha256.digest();
    byte[] found = reader.bytes(HASH);
    if (!Arrays.equals(expected, found)) {
      throw GradcastException.model(
          "%s: expected the SHA-256 %s, found %s"
              .formatted(
                  where, HexFormat.of().formatHex(found), HexFormat.of().formatHex(expected)));
    }
    return new Checkpoint(network, provenance, state);
  }

  /** In double arithmetic, which does not overflow, so that what follows does not either. */
  private static void requireRoom(
      Network network, int measurements, long dataLength, String where) {
    double counts =
        countsShape(network, measurements).stream()
            .mapToDouble(it -> it)
            .reduce(1, (a, b) -> a * b);
    if (counts * Long.BYTES > dataLength) {
      throw GradcastException.model(
          "%s: expected the counts of %d measurements, found %d bytes"
              .formatted(where, measurements, dataLength));
    }
  }

  private static List<Measurement> measurements(
      TensorReader reader, Network network, Provenance provenance, int count) throws IOException {
    int classes = network.classes();
    boolean several = network.spec().severalLabels();
    List<long[]> counts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      counts.add(reader.longs(Evaluation.countLength(classes, several)));
    }
    long[] losses = reader.longs(count);
    long[] iterations = reader.longs(count);
    List<Measurement> measurements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long[] numbers = reader.longs(NUMBERS);
      measurements.add(
          new Measurement(
              (int) ((iterations[i] - 1) / Checkpoint.minibatches(provenance)) + 1,
              iterations[i],
              Double.longBitsToDouble(numbers[0]),
              Double.longBitsToDouble(numbers[1]),
              Double.longBitsToDouble(numbers[2]),
              Evaluation.of(classes, several, counts.get(i), losses[i]),
              Double.longBitsToDouble(numbers[3]),
              Double.longBitsToDouble(numbers[4])));
    }
    return measurements;
  }

  private static TrainingState state(
      TensorReader reader,
      Network network,
      Provenance provenance,
      Fields position,
      List<Measurement> measurements)
      throws IOException {
    float[] parameters = reader.parameters(network);
    Map<String, float[]> mirrors = new LinkedHashMap<>();
    for (String name : position.texts("mirrors")) {
      mirrors.put(name, reader.parameters(network));
    }
    long last = Math.min(Checkpoint.minibatches(provenance), Integer.MAX_VALUE) - 1;
    return new TrainingState(
        measurements,
        (int) position.integer("epoch", 0, Integer.MAX_VALUE),
        (int) position.integer("minibatch", 0, last),
        parameters,
        mirrors,
        position.number("lossSum"),
        position.integer("right", 0, Long.MAX_VALUE),
        position.integer("nanos", 0, Long.MAX_VALUE),
        position.integer("sinceNanos", 0, Long.MAX_VALUE),
        position.integer("busyNanos", 0, Long.MAX_VALUE));
  }
}
