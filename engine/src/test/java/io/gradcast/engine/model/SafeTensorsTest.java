package io.gradcast.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A good file; {@link BadModelFileTest} has the others. */
class SafeTensorsTest {

  private static Model model(String name) {
    return model(new Network(NetworkSpec.named(name)));
  }

  private static Model model(Network network) {
    List<String> classes = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    Provenance provenance = new Provenance("0.1.0", "0".repeat(32), 10, 1, 50, 0.1, 1);
    return new Model(network, network.initialParameters(1), classes, provenance);
  }

  private static byte[] write(Model model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafeTensors.write(model, out);
    return out.toByteArray();
  }

  private static int headerLength(byte[] file) {
    return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static Map<String, Object> header(byte[] file) throws IOException {
    return Json.read(new String(file, 8, headerLength(file), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zhang", "zhang-wide", "zhang-deep"})
  void whatIsWrittenIsReadAgain(String name) throws IOException {
    Model model = model(name);
    byte[] file = write(model);
    Model again = SafeTensors.read(new ByteArrayInputStream(file), file.length, "file");
    assertArrayEquals(model.parameters(), again.parameters());
    assertEquals(model.network().spec().text(), again.network().spec().text());
    assertEquals(model.classes(), again.classes());
    assertEquals(model.provenance(), again.provenance());
    assertArrayEquals(file, write(again), "equal models have equal bytes");
  }

  /** A change of these bytes, or another JDK's, breaks the promise that models can be compared. */
  @Test
  void bytesOfTheBaseNetworkArePinned() throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(write(model("zhang")));
    assertEquals(
        "6e3f856ef59a1ed07ddb01738615988ac274a1d623b35bc53c1439e8c8b76403",
        HexFormat.of().formatHex(hash));
  }

  @Test
  void fileIsLaidOutAsTheFormatSays() throws IOException {
    byte[] file = write(model("zhang"));
    Map<String, Object> header = header(file);
    assertEquals(0, headerLength(file) % 8, "tensors are aligned");
    assertEquals(8 + headerLength(file) + 4 * 3898, file.length);
    assertEquals(
        List.of(
            "__metadata__", "c1.weight", "c1.bias", "c2.weight", "c2.bias", "fc.weight", "fc.bias"),
        List.copyOf(header.keySet()));
    assertEquals(
        Map.of(
            "dtype",
            "F32",
            "shape",
            List.of(12L, 6L, 5L, 5L),
            "data_offsets",
            List.of(624L, 7824L)),
        header.get("c2.weight"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zhang", "zhang-wide", "zhang-deep"})
  void tensorsFollowOneAnotherWithoutGaps(String name) throws IOException {
    byte[] file = write(model(name));
    Map<String, Object> header = header(file);
    header.remove("__metadata__");
    long end = 0;
    for (Object entry : header.values()) {
      List<?> offsets = (List<?>) ((Map<?, ?>) entry).get("data_offsets");
      assertEquals(end, offsets.get(0));
      end = (Long) offsets.get(1);
    }
    assertEquals(file.length - 8 - headerLength(file), end);
  }

  /** The base network as another tool would compute it from the file: no paper's orientation. */
  @Test
  void fileHoldsCrossCorrelationKernelsAndRowMajorColumns() throws IOException {
    Model model = model("zhang");
    byte[] file = write(model);
    Random random = new Random(1);
    byte[] pixels = new byte[784];
    random.nextBytes(pixels);
    double[] image = new double[784];
    for (int i = 0; i < 784; i++) {
      image[i] = Byte.toUnsignedInt(pixels[i]) / 255.0;
    }
    ByteBuffer data =
        ByteBuffer.wrap(file, 8 + headerLength(file), 4 * 3898)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    double[] s1 = pool(correlate(image, 1, 28, data, 0, 6), 6, 24);
    double[] s2 = pool(correlate(s1, 6, 12, data, 156, 12), 12, 8);
    Workspace workspace = new Workspace(model.network(), Kernels.scalar());
    Samples samples = new Samples(new Shape(1, 28, 28), new long[1], pixels, new int[1]);
    model.network().forward(samples, new int[1], 0, 1, model.parameters(), workspace);
    for (int i = 0; i < 10; i++) {
      double sum = data.getFloat(4 * (1968 + 1920 + i));
      for (int j = 0; j < 192; j++) {
        sum += data.getFloat(4 * (1968 + i * 192 + j)) * s2[j];
      }
      assertEquals(sigmoid(sum), workspace.output().get(i, 0), 1e-6);
    }
    assertTrue(data.getFloat(0) == model.parameters()[24], "kernels are turned");
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /**
   * Kernels [maps][channels][5][5] from an element of the data on, then biases; and the sigmoid.
   */
  private static double[] correlate(
      double[] in, int channels, int side, ByteBuffer data, int first, int maps) {
    int outSide = side - 4;
    double[] out = new double[maps * outSide * outSide];
    for (int o = 0; o < out.length; o++) {
      int q = o / (outSide * outSide);
      int y = o / outSide % outSide;
      int x = o % outSide;
      double sum = data.getFloat(4 * (first + maps * channels * 25 + q));
      for (int w = 0; w < channels * 25; w++) {
        int at = (w / 25 * side + y + w / 5 % 5) * side + x + w % 5;
        sum += data.getFloat(4 * (first + q * channels * 25 + w)) * in[at];
      }
      out[o] = sigmoid(sum);
    }
    return out;
  }

  private static double[] pool(double[] in, int maps, int side) {
    double[] out = new double[in.length / 4];
    for (int i = 0; i < in.length; i++) {
      int y = i / side % side;
      int x = i % side;
      out[(i / (side * side) * (side / 2) + y / 2) * (side / 2) + x / 2] += in[i] / 4;
    }
    assertEquals(maps * side * side / 4, out.length);
    return out;
  }

  @Test
  void meanAndDeviationOfInputsStandInThePreprocessing() throws IOException {
    String text =
        "name = n, input = [1, 2, 2], layers = [{ type = dense, units = 10 }], loss = squared-error,"
            + " normalize = { mean = [0.125], deviation = [0.3] }";
    Network network = new Network(NetworkSpec.parse(text, "n"));
    byte[] file = write(model(network));
    Map<?, ?> metadata = (Map<?, ?>) header(file).get("__metadata__");
    assertEquals(
        "{\"input\":\"uint8\",\"divideBy\":255,\"mean\":[0.125],\"deviation\":[0.300000012]}",
        metadata.get("gradcast.preprocessing"));
    Model read = SafeTensors.read(new ByteArrayInputStream(file), file.length, "n");
    assertEquals(network.spec(), read.network().spec());
  }
}
