package io.gradcast.engine.model;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads a {@link TensorFile} from its start to its end. Every size in the file is checked against
 * the file's length before memory is taken for it. What is in the file gives a {@link
 * GradcastException} of kind MODEL; an IOException is a fault of the stream.
 */
final class TensorReader {

  private static final int LARGEST_HEADER = 1 << 24;

  private final InputStream in;
  private final String where;
  private final Fields header;
  private final long dataLength;

  /**
   * Begins on a file by reading its header.
   *
   * @param length of the whole file, bytes
   * @param where the file's name, for messages
   */
  TensorReader(InputStream in, long length, String where) throws IOException {
    this.in = in;
    this.where = where;
    long headerLength = length < 8 ? -1 : next(Long.BYTES).getLong();
    if (headerLength < 2 || headerLength > Math.min(LARGEST_HEADER, length - 8)) {
      throw GradcastException.model(
          "%s: expected a safetensors file, found %d bytes with a header of %d"
              .formatted(where, length, headerLength));
    }
    byte[] json = in.readNBytes((int) headerLength);
    header = Fields.parse(new String(json, StandardCharsets.UTF_8), where);
    dataLength = length - 8 - headerLength;
  }

  /** All that is no tensor. */
  Fields metadata() {
    return header.object(TensorFile.METADATA);
  }

  /** JSON that is a text in the metadata. */
  Fields metadata(String key, String name) {
    return Fields.parse(metadata().text(key), where + ", " + name);
  }

  /** Bytes of all tensors. */
  long dataLength() {
    return dataLength;
  }

  void requireText(String key, String expected) {
    String found = metadata().text(key);
    if (!found.equals(expected)) {
      throw GradcastException.model(
          "%s: expected %s at %s, found %s".formatted(where, expected, key, Fields.brief(found)));
    }
  }

  /** The network in the metadata. */
  Network network() {
    try {
      String text = metadata().text(TensorFile.NETWORK);
      // Our own reader first: it refuses JSON nested so deep that the next one would overflow.
      Fields.parse(text, where + ", network");
      return new Network(NetworkSpec.parseJson(text, where + ", network"));
    } catch (GradcastException e) {
      String message = e.getMessage().startsWith(where) ? "" : where + ": ";
      throw new GradcastException(GradcastException.Kind.MODEL, message + e.getMessage(), e);
    }
  }

  /** The file's tensors must be these, in this order and without gaps. */
  void requireTensors(List<TensorFile.Entry> expected) {
    long end = 0;
    for (TensorFile.Entry tensor : expected) {
      Fields entry = header.object(tensor.name());
      long begin = end;
      end += tensor.bytes();
      boolean asExpected =
          entry.text("dtype").equals(tensor.type().name())
              && entry.integers("shape").equals(tensor.shape())
              && entry.integers("data_offsets").equals(List.of(begin, end));
      if (!asExpected) {
        throw GradcastException.model(
            "%s: expected tensor %s to be %s %s at bytes %d to %d, found %s %s at %s"
                .formatted(
                    where,
                    tensor.name(),
                    tensor.type(),
                    tensor.shape(),
                    begin,
                    end,
                    Fields.brief(entry.text("dtype")),
                    Fields.brief(entry.integers("shape").toString()),
                    Fields.brief(entry.integers("data_offsets").toString())));
      }
    }
    if (header.size() != expected.size() + 1 || dataLength != end) {
      throw GradcastException.model(
          "%s: expected %d tensors in %d bytes, as its network has, found %d in %d"
              .formatted(where, expected.size(), end, header.size() - 1, dataLength));
    }
  }

  /** Reads all tensors of a network, whatever the values. */
  float[] parameters(Network network) throws IOException {
    float[] parameters = new float[network.parameterCount()];
    for (Tensor tensor : network.tensors()) {
      int size = tensor.size();
      int i = 0;
      while (i < size) {
        ByteBuffer chunk = next(Math.min(TensorFile.CHUNK, (size - i) * Float.BYTES));
        while (chunk.hasRemaining()) {
          parameters[tensor.index(i++)] = chunk.getFloat();
        }
      }
    }
    return parameters;
  }

  /** Reads I64 values, or F64 ones by their bits. */
  long[] longs(int count) throws IOException {
    long[] values = new long[count];
    int i = 0;
    while (i < count) {
      ByteBuffer chunk = next((int) Math.min(TensorFile.CHUNK, (count - i) * (long) Long.BYTES));
      while (chunk.hasRemaining()) {
        values[i++] = chunk.getLong();
      }
    }
    return values;
  }

  /** Reads U8 values. */
  byte[] bytes(int count) throws IOException {
    return next(count).array();
  }

  private ByteBuffer next(int bytes) throws IOException {
    ByteBuffer chunk = ByteBuffer.wrap(in.readNBytes(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    if (chunk.remaining() < bytes) {
      throw new GradcastException(
          GradcastException.Kind.MODEL,
          where + ": expected more bytes, found the end of the file",
          new EOFException());
    }
    return chunk;
  }
}
