package io.gradcast.spark.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EventEncoderTest {

  /**
   * What TensorBoard 2.21 itself makes of them: {@code
   * tensorboard.summary.writer.record_writer.RecordWriter} of serialized {@code event_pb2.Event}s.
   */
  private static final String BY_TENSORBOARD =
      "1800000000000000a37f4b2209000010684349da411a0d627261696e2e4576656e743a32a9bb1ef3"
          + "100000000000000095fbfe1809000020684349da4110ad023a0208014af1b539"
          + "ef000000000000006f19b9b909000040684349da4110b5b8f0fe2d2add010ada010ad201"
          + "6c6f73732fc3a9".repeat(30)
          + "15cdcccc3d4b6fd9cc";

  @Test
  void bytesAreThoseThatTensorBoardMakes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EventEncoder.version(out, 1764036000.25);
    EventEncoder.start(out, 1764036000.5, 301);
    EventEncoder.scalar(out, 1764036001.0, 12345678901L, "loss/é".repeat(30), 0.1f);
    assertEquals(BY_TENSORBOARD, HexFormat.of().formatHex(out.toByteArray()));
  }
}
