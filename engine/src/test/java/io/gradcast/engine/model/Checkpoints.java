package io.gradcast.engine.model;

import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A checkpoint with all that one may have, for tests. */
final class Checkpoints {

  static final String TEXT =
      """
      name = small, input = [1, 4, 4], loss = squared-error
      layers = [
        { name = c, type = conv, maps = 2, kernel = 3 }, { type = sigmoid }
        { name = fc, type = dense, units = 3 }, { type = sigmoid }
      ]
      """;

  static final Network NETWORK = new Network(NetworkSpec.parse(TEXT, "small"));

  static final Provenance PROVENANCE =
      new Provenance(
          "0.1.0",
          "0123456789abcdef".repeat(2),
          103,
          5,
          10,
          0.1,
          -7,
          new TreeMap<>(
              Map.of(
                  "optimizer", "momentum", "momentum", 0.9, "weight-decay", 0.0, "patience", 3L)));

  private Checkpoints() {}

  /** In the third epoch, of 11 minibatches each, with numbers that have no short decimal form. */
  static Checkpoint middle() {
    Evaluation first = new Evaluation(3);
    first.add(0, 2, 0.125f);
    first.add(1, 1, 0.1f);
    Evaluation second = new Evaluation(3);
    second.add(2, 2, Float.NaN);
    List<Measurement> measurements =
        List.of(
            new Measurement(1, 7, 1 / 3.0, 0.7, 0.1, first, 0.1 + 0.2, 1e5 / 7),
            new Measurement(
                2, 22, Math.PI, 1 / 7.0, 1e-300, second, Double.MIN_VALUE, Double.MAX_VALUE));
    Map<String, float[]> mirrors = new LinkedHashMap<>();
    mirrors.put("velocity", NETWORK.initialParameters(4));
    mirrors.put(TrainingState.BEST, NETWORK.initialParameters(5));
    return new Checkpoint(
        NETWORK,
        PROVENANCE,
        new TrainingState(
            measurements,
            2,
            4,
            NETWORK.initialParameters(3),
            mirrors,
            40 * Math.E,
            17,
            Long.MAX_VALUE,
            12,
            34));
  }

  /** Where a training begins. */
  static TrainingState start(float[] parameters) {
    return new TrainingState(List.of(), 0, 0, parameters, Map.of(), 0, 0, 0, 0, 0);
  }

  static byte[] write(Checkpoint checkpoint) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointFile.write(checkpoint, out);
    return out.toByteArray();
  }

  static Checkpoint read(byte[] file, long length) throws IOException {
    return CheckpointFile.read(new ByteArrayInputStream(file), length, "a.safetensors");
  }
}
