package io.gradcast.engine.model;

import io.gradcast.engine.net.Network;
import java.util.List;

/**
 * What model files and checkpoints have in common: the safetensors container (length of the header
 * as 64-bit little-endian, the header as JSON, the tensors little-endian and row-major, in the
 * order of the header and without gaps) and the tensors of a network in it. {@link TensorWriter}
 * and {@link TensorReader} go through it from start to end.
 */
final class TensorFile {

  /** The header's key for all that is no tensor. */
  static final String METADATA = "__metadata__";

  /** The metadata's key for the network's text. */
  static final String NETWORK = "gradcast.network";

  /** Bytes that are read or written at a time. */
  static final int CHUNK = 1 << 14;

  private TensorFile() {}

  /** What a tensor consists of, by safetensors' names. */
  enum Type {
    F32(Float.BYTES),
    F64(Double.BYTES),
    I64(Long.BYTES),
    U8(Byte.BYTES);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * One tensor as the header has it.
   *
   * @param shape outermost first
   */
  record Entry(String name, Type type, List<Long> shape) {

    /** Of its values. */
    long bytes() {
      return shape.stream().reduce((long) type.bytes, (a, b) -> a * b);
    }
  }

  /** The parameters of a network, in the order of its layers. */
  static List<Entry> parameters(Network network) {
    return network.tensors().stream()
        .map(
            tensor ->
                new Entry(
                    tensor.name(),
                    Type.F32,
                    tensor.shape().stream().map(Integer::longValue).toList()))
        .toList();
  }
}
