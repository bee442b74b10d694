package io.gradcast.engine.model;

import io.gradcast.engine.net.Network;
import io.gradcast.engine.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a {@link TensorFile} from its start to its end; equal contents give equal bytes. */
final class TensorWriter {

  private final OutputStream out;
  private final ByteBuffer chunk =
      ByteBuffer.allocate(TensorFile.CHUNK).order(ByteOrder.LITTLE_ENDIAN);

  /** Begins on a file by writing its header. The stream is the caller's to close. */
  TensorWriter(OutputStream out, Map<String, ?> metadata, List<TensorFile.Entry> entries)
      throws IOException {
    this.out = out;
    Map<String, Object> header = new LinkedHashMap<>();
    header.put(TensorFile.METADATA, metadata);
    long end = 0;
    for (TensorFile.Entry entry : entries) {
      long begin = end;
      end += entry.bytes();
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("dtype", entry.type().name());
      fields.put("shape", entry.shape());
      fields.put("data_offsets", List.of(begin, end));
      header.put(entry.name(), fields);
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
  }

  /** Writes all tensors of a network. */
  void parameters(Network network, float[] parameters) throws IOException {
    for (Tensor tensor : network.tensors()) {
      int size = tensor.size();
      for (int i = 0; i < size; i++) {
        makeRoom();
        chunk.putFloat(parameters[tensor.index(i)]);
      }
    }
    flush();
  }

  /** Writes I64 values, or F64 ones by their bits. */
  void longs(long... values) throws IOException {
    for (long value : values) {
      makeRoom();
      chunk.putLong(value);
    }
    flush();
  }

  /** Writes U8 values. */
  void bytes(byte[] values) throws IOException {
    out.write(values);
  }

  private void makeRoom() throws IOException {
    if (!chunk.hasRemaining()) {
      flush();
    }
  }

  private void flush() throws IOException {
    out.write(chunk.array(), 0, chunk.position());
    chunk.clear();
  }
}
