package io.gradcast.engine.model;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.Normalization;
import io.gradcast.engine.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model file: a {@link TensorFile} of the parameters as float32, with the network,
 * preprocessing, classes and provenance in its metadata. Kernels are those of cross-correlation,
 * [maps][channels][kernel][kernel], and dense columns are row-major, as PyTorch has them. The
 * format is specified in docs/MODEL_FORMAT.md.
 */
public final class SafeTensors {

  private static final String FORMAT_VERSION = "1";

  private SafeTensors() {}

  /** Writes a model; equal models give equal bytes. The stream is left open. */
  public static void write(Model model, OutputStream out) throws IOException {
    Network network = model.network();
    new TensorWriter(out, metadata(model), TensorFile.parameters(network))
        .parameters(network, model.parameters());
  }

  private static Map<String, Object> metadata(Model model) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("gradcast.format", FORMAT_VERSION);
    metadata.put(TensorFile.NETWORK, model.network().spec().text());
    metadata.put("gradcast.preprocessing", preprocessing(model.network()));
    metadata.put("gradcast.classes", Json.write(Map.of("names", model.classes())));
    metadata.put("gradcast.provenance", model.provenance().toJson());
    return metadata;
  }

  /**
   * Reads a model. Every size in the file is checked against the file's length before memory is
   * taken for it.
   *
   * @param length of the whole file, bytes
   * @param where the file's name, for messages
   * @throws IOException where the stream fails, not for what is in it
   */
  public static Model read(InputStream in, long length, String where) throws IOException {
    TensorReader reader = new TensorReader(in, length, where);
    reader.requireText("gradcast.format", FORMAT_VERSION);
    Network network = reader.network();
    reader.requireText("gradcast.preprocessing", preprocessing(network));
    reader.requireTensors(TensorFile.parameters(network));
    List<String> classes = reader.metadata("gradcast.classes", "classes").texts("names");
    if (classes.size() != network.classes()) {
      throw GradcastException.model(
          "%s: expected the names of %d classes, found %d"
              .formatted(where, network.classes(), classes.size()));
    }
    float[] parameters = reader.parameters(network);
    requireNumbers(network, parameters, where);
    Fields provenance = reader.metadata("gradcast.provenance", "provenance");
    return new Model(network, parameters, classes, Provenance.fromJson(provenance));
  }

  /** How pixels become inputs, for readers that do not take it from the network. */
  private static String preprocessing(Network network) {
    Normalization normalization = network.spec().normalization();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("input", "uint8");
    object.put("divideBy", 255L);
    if (!normalization.isNone()) {
      object.put("mean", doubles(normalization.mean()));
      object.put("deviation", doubles(normalization.deviation()));
    }
    return Json.write(object);
  }

  private static List<Double> doubles(List<Float> values) {
    return Normalization.decimals(values).stream().map(BigDecimal::doubleValue).toList();
  }

  private static void requireNumbers(Network network, float[] parameters, String where) {
    for (Tensor tensor : network.tensors()) {
      for (int i = 0; i < tensor.size(); i++) {
        float value = parameters[tensor.index(i)];
        if (!Float.isFinite(value)) {
          throw GradcastException.model(
              "%s: expected numbers in tensor %s, found %s at element %d"
                  .formatted(where, tensor.name(), value, i));
        }
      }
    }
  }
}
