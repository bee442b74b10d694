package io.gradcast.engine.model;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Sha256;
import io.gradcast.engine.eval.EpochMetrics;
import io.gradcast.engine.eval.Evaluation;
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
 * A {@link Checkpoint} as a file: a {@link TensorFile} of what the finished epochs came to and of
 * the parameters, with the run and the position in its metadata, and the hash of all that as its
 * last tensor. The format is specified in docs/CHECKPOINT_FORMAT.md.
 */
public final class CheckpointFile {

  private static final String FORMAT_VERSION = "1";
  private static final int HASH = 32;

  /** Numbers of an epoch that are measured: loss, seconds, samples a second. */
  private static final int MEASURES = 3;

  private CheckpointFile() {}

  /** The file's tensors; an optimizer's would go behind the parameters that they mirror. */
  private static List<TensorFile.Entry> entries(Network network, long epochs) {
    long classes = network.classes();
    List<TensorFile.Entry> entries = new ArrayList<>();
    // Wide values first, so that all are aligned.
    entries.add(
        new TensorFile.Entry(
            "epochs.test.counts", TensorFile.Type.I64, List.of(epochs, classes, classes)));
    entries.add(new TensorFile.Entry("epochs.test.loss", TensorFile.Type.I64, List.of(epochs)));
    entries.add(
        new TensorFile.Entry(
            "epochs.measured", TensorFile.Type.F64, List.of(epochs, (long) MEASURES)));
    entries.addAll(TensorFile.parameters(network));
    entries.add(new TensorFile.Entry("sha256", TensorFile.Type.U8, List.of((long) HASH)));
    return entries;
  }

  /** Writes a checkpoint; equal ones give equal bytes. The stream is left open. */
  public static void write(Checkpoint checkpoint, OutputStream out) throws IOException {
    MessageDigest sha256 = Sha256.digest();
    TrainingState state = checkpoint.state();
    TensorWriter writer =
        new TensorWriter(
            new DigestOutputStream(out, sha256),
            metadata(checkpoint),
            entries(checkpoint.network(), state.epoch()));
    for (EpochMetrics epoch : state.epochs()) {
      writer.longs(epoch.test().counts());
    }
    writer.longs(state.epochs().stream().mapToLong(epoch -> epoch.test().lossSum()).toArray());
    for (EpochMetrics epoch : state.epochs()) {
      writer.longs(
          Double.doubleToLongBits(epoch.trainLoss()),
          Double.doubleToLongBits(epoch.seconds()),
          Double.doubleToLongBits(epoch.samplesPerSecond()));
    }
    writer.parameters(checkpoint.network(), state.parameters());
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
    position.put("epochLoss", state.epochLoss());
    position.put("nanos", state.nanos());
    position.put("epochNanos", state.epochNanos());
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
    int epochs = (int) position.integer("epoch", 0, Integer.MAX_VALUE);
    requireRoom(network, epochs, reader.dataLength(), where);
    reader.requireTensors(entries(network, epochs));
    TrainingState state = state(reader, network, provenance, position, epochs);
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
  private static void requireRoom(Network network, int epochs, long dataLength, String where) {
    double counts = (double) epochs * network.classes() * network.classes();
    if (counts * Long.BYTES > dataLength) {
      throw GradcastException.model(
          "%s: expected the results of %d epochs, found %d bytes"
              .formatted(where, epochs, dataLength));
    }
  }

  private static TrainingState state(
      TensorReader reader, Network network, Provenance provenance, Fields position, int epochs)
      throws IOException {
    int classes = network.classes();
    List<long[]> counts = new ArrayList<>();
    for (int i = 0; i < epochs; i++) {
      counts.add(reader.longs(classes * classes));
    }
    long[] losses = reader.longs(epochs);
    List<EpochMetrics> metrics = new ArrayList<>();
    for (int i = 0; i < epochs; i++) {
      long[] measured = reader.longs(MEASURES);
      metrics.add(
          new EpochMetrics(
              i + 1,
              Double.longBitsToDouble(measured[0]),
              Evaluation.of(classes, counts.get(i), losses[i]),
              Double.longBitsToDouble(measured[1]),
              Double.longBitsToDouble(measured[2])));
    }
    long last = Math.min(Checkpoint.minibatches(provenance), Integer.MAX_VALUE) - 1;
    return new TrainingState(
        metrics,
        (int) position.integer("minibatch", 0, last),
        reader.parameters(network),
        position.number("epochLoss"),
        position.integer("nanos", 0, Long.MAX_VALUE),
        position.integer("epochNanos", 0, Long.MAX_VALUE),
        position.integer("busyNanos", 0, Long.MAX_VALUE));
  }
}
