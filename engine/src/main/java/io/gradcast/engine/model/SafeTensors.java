package io.gradcast.engine.model;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model file: safetensors (length of the header as 64-bit little-endian, the header as JSON,
 * the tensors as float32 little-endian), with the network, preprocessing, classes and provenance in
 * its metadata. Kernels are those of cross-correlation, [maps][channels][kernel][kernel], and dense
 * columns are row-major, as PyTorch has them. The format is specified in docs/MODEL_FORMAT.md.
 */
public final class SafeTensors {

  private static final String FORMAT_VERSION = "1";

  /** How pixels become inputs; there is one way so far, and a reader must know it. */
  private static final String PREPROCESSING = "{\"input\":\"uint8\",\"divideBy\":255}";

  private static final int LARGEST_HEADER = 1 << 24;
  private static final int CHUNK = 1 << 14;

  private SafeTensors() {}

  /** Writes a model; equal models give equal bytes. The stream is left open. */
  public static void write(Model model, OutputStream out) throws IOException {
    Network network = model.network();
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", metadata(model));
    long end = 0;
    for (Tensor tensor : network.tensors()) {
      long begin = end;
      end += (long) tensor.size() * Float.BYTES;
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", "F32");
      entry.put("shape", tensor.shape());
      entry.put("data_offsets", List.of(begin, end));
      header.put(tensor.name(), entry);
    }
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    // Padded with spaces, as the format allows, so that the tensors are aligned.
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(json);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    out.write(head.array());
    for (Tensor tensor : network.tensors()) {
      writeTensor(tensor, model.parameters(), out);
    }
  }

  private static Map<String, Object> metadata(Model model) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("gradcast.format", FORMAT_VERSION);
    metadata.put("gradcast.network", model.network().spec().text());
    metadata.put("gradcast.preprocessing", PREPROCESSING);
    metadata.put("gradcast.classes", Json.write(Map.of("names", model.classes())));
    metadata.put("gradcast.provenance", model.provenance().toJson());
    return metadata;
  }

  private static void writeTensor(Tensor tensor, float[] parameters, OutputStream out)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    int size = tensor.size();
    for (int i = 0; i < size; i++) {
      chunk.putFloat(parameters[tensor.index(i)]);
      if (!chunk.hasRemaining() || i == size - 1) {
        out.write(chunk.array(), 0, chunk.position());
        chunk.clear();
      }
    }
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
    long headerLength = length < 8 ? -1 : number(in.readNBytes(8), where);
    if (headerLength < 2 || headerLength > Math.min(LARGEST_HEADER, length - 8)) {
      throw GradcastException.model(
          "%s: expected a safetensors file, found %d bytes with a header of %d"
              .formatted(where, length, headerLength));
    }
    byte[] json = in.readNBytes((int) headerLength);
    Fields header = Fields.parse(new String(json, StandardCharsets.UTF_8), where);
    Fields metadata = header.object("__metadata__");
    requireText(metadata, "gradcast.format", FORMAT_VERSION, where);
    requireText(metadata, "gradcast.preprocessing", PREPROCESSING, where);
    Network network = network(metadata, where);
    requireTensors(header, network, length - 8 - headerLength, where);
    List<String> classes =
        Fields.parse(metadata.text("gradcast.classes"), where + ", classes").texts("names");
    if (classes.size() != network.classes()) {
      throw GradcastException.model(
          "%s: expected the names of %d classes, found %d"
              .formatted(where, network.classes(), classes.size()));
    }
    float[] parameters = new float[network.parameterCount()];
    for (Tensor tensor : network.tensors()) {
      readTensor(in, tensor, parameters, where);
    }
    Fields provenance = Fields.parse(metadata.text("gradcast.provenance"), where + ", provenance");
    return new Model(network, parameters, classes, Provenance.fromJson(provenance));
  }

  private static long number(byte[] bytes, String where) {
    if (bytes.length < Long.BYTES) {
      throw truncated(where);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static void requireText(Fields metadata, String key, String expected, String where) {
    if (!metadata.text(key).equals(expected)) {
      throw GradcastException.model(
          "%s: expected %s at %s, found %s"
              .formatted(where, expected, key, Fields.brief(metadata.text(key))));
    }
  }

  private static Network network(Fields metadata, String where) {
    try {
      String text = metadata.text("gradcast.network");
      // Our own reader first: it refuses JSON nested so deep that the next one would overflow.
      Fields.parse(text, where + ", network");
      return new Network(NetworkSpec.parseJson(text, where + ", network"));
    } catch (GradcastException e) {
      String message = e.getMessage().startsWith(where) ? "" : where + ": ";
      throw new GradcastException(GradcastException.Kind.MODEL, message + e.getMessage(), e);
    }
  }

  /** The tensors must be the network's, in its order and without gaps, as {@link #write} does. */
  private static void requireTensors(
      Fields header, Network network, long dataLength, String where) {
    long end = 0;
    for (Tensor tensor : network.tensors()) {
      Fields entry = header.object(tensor.name());
      long begin = end;
      end += (long) tensor.size() * Float.BYTES;
      List<Long> shape = tensor.shape().stream().map(Integer::longValue).toList();
      boolean asExpected =
          entry.text("dtype").equals("F32")
              && entry.integers("shape").equals(shape)
              && entry.integers("data_offsets").equals(List.of(begin, end));
      if (!asExpected) {
        throw GradcastException.model(
            "%s: expected tensor %s to be F32 %s at bytes %d to %d, found %s %s at %s"
                .formatted(
                    where,
                    tensor.name(),
                    shape,
                    begin,
                    end,
                    Fields.brief(entry.text("dtype")),
                    Fields.brief(entry.integers("shape").toString()),
                    Fields.brief(entry.integers("data_offsets").toString())));
      }
    }
    if (header.size() != network.tensors().size() + 1 || dataLength != end) {
      throw GradcastException.model(
          "%s: expected %d tensors in %d bytes, as its network has, found %d in %d"
              .formatted(where, network.tensors().size(), end, header.size() - 1, dataLength));
    }
  }

  private static void readTensor(InputStream in, Tensor tensor, float[] parameters, String where)
      throws IOException {
    int size = tensor.size();
    int i = 0;
    while (i < size) {
      int bytes = Math.min(CHUNK, (size - i) * Float.BYTES);
      ByteBuffer chunk = ByteBuffer.wrap(in.readNBytes(bytes)).order(ByteOrder.LITTLE_ENDIAN);
      if (chunk.remaining() < bytes) {
        throw truncated(where);
      }
      while (chunk.hasRemaining()) {
        float value = chunk.getFloat();
        if (!Float.isFinite(value)) {
          throw GradcastException.model(
              "%s: expected numbers in tensor %s, found %s at element %d"
                  .formatted(where, tensor.name(), value, i));
        }
        parameters[tensor.index(i++)] = value;
      }
    }
  }

  private static GradcastException truncated(String where) {
    return new GradcastException(
        GradcastException.Kind.MODEL,
        where + ": expected more bytes, found the end of the file",
        new EOFException());
  }
}
