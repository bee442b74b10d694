package io.gradcast.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in a model file, its reader answers with one sentence that names the file. */
class BadModelFileTest {

  private static final String DEEP = "[".repeat(100_000);

  /** A good file; each test spoils a copy. */
  private static byte[] good() throws IOException {
    Network network = new Network(NetworkSpec.named("zhang"));
    List<String> classes = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    Provenance provenance = new Provenance("0.1.0", "0".repeat(32), 10, 1, 50, 0.1, 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafeTensors.write(new Model(network, network.initialParameters(1), classes, provenance), out);
    return out.toByteArray();
  }

  private static int headerLength(byte[] file) {
    return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static byte[] file(long headerLength, String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength)
        .put(json)
        .put(data)
        .array();
  }

  /** The good file with a changed header before the same data. */
  private static byte[] withHeader(Consumer<Map<String, Object>> change) throws IOException {
    byte[] file = good();
    int length = headerLength(file);
    Map<String, Object> header = Json.read(new String(file, 8, length, StandardCharsets.UTF_8));
    change.accept(header);
    String json = Json.write(header);
    byte[] data = Arrays.copyOfRange(file, 8 + length, file.length);
    return file(json.getBytes(StandardCharsets.UTF_8).length, json, data);
  }

  @SuppressWarnings("unchecked") // JSON's keys are strings
  private static Map<String, Object> object(Map<String, Object> in, String key) {
    return (Map<String, Object>) in.get(key);
  }

  private static byte[] withMetadata(String key, String value) throws IOException {
    return withHeader(header -> object(header, "__metadata__").put(key, value));
  }

  private static byte[] withTensor(String name, String key, Object value) throws IOException {
    return withHeader(header -> object(header, name).put(key, value));
  }

  /** What a reader says to a file: one line, of the kind MODEL. */
  private static String fault(byte[] file, long length) {
    GradcastException e =
        assertThrows(
            GradcastException.class,
            () -> SafeTensors.read(new ByteArrayInputStream(file), length, "a.safetensors"));
    String sentence = e.getMessage();
    assertEquals(GradcastException.Kind.MODEL, e.kind(), sentence);
    assertFalse(sentence.contains("\n"), "one line: " + sentence);
    assertTrue(sentence.length() < 2000, "short: " + sentence.length());
    return sentence;
  }

  private static void contains(String sentence, String... pieces) {
    for (String piece : pieces) {
      assertTrue(sentence.contains(piece), sentence);
    }
  }

  private static void refused(byte[] file, long length, String... pieces) {
    String sentence = fault(file, length);
    assertTrue(sentence.startsWith("a.safetensors"), sentence);
    contains(sentence, pieces);
  }

  private static void refused(byte[] file, String... sentence) {
    refused(file, file.length, sentence);
  }

  @Test
  void unspoiltFileIsRead() throws IOException {
    byte[] file = withHeader(header -> {});
    assertEquals(
        3898,
        SafeTensors.read(new ByteArrayInputStream(file), file.length, "a").parameters().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void fileTooShortForAHeaderLengthIsRefused(int length) {
    refused(new byte[length], "expected a safetensors file, found %d bytes".formatted(length));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 3, 1L << 24, 1L << 31, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE})
  void headerLengthThatCannotBeIsRefused(long length) {
    refused(
        file(length, "{}", new byte[0]),
        "expected a safetensors file, found 10 bytes with a header of " + length);
  }

  @Test
  void headerOverTheLimitIsRefusedInALongFile() {
    long length = (1 << 24) + 1;
    refused(
        file(length, "{}", new byte[0]),
        1L << 40,
        "expected a safetensors file, found 1099511627776 bytes with a header of 16777217");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no JSON", "[]", "{\"a\":", "{\"a\":1,\"a\":2}", "\0\0\0"})
  void headerThatIsNoJsonObjectIsRefused(String header) {
    byte[] file = file(header.length(), header, new byte[0]);
    refused(file, "expected JSON, found a fault");
  }

  @Test
  void jsonNestedDeeplyIsRefused() throws IOException {
    String header = "{\"a\":" + DEEP;
    refused(file(header.length(), header, new byte[0]), "expected JSON", "depth");
    refused(file(DEEP.length(), DEEP, new byte[0]), "expected JSON, found a fault");
    refused(withMetadata("gradcast.network", "{\"a\":" + DEEP), "network", "depth");
    refused(withMetadata("gradcast.classes", "{\"a\":" + DEEP), "classes", "depth");
    refused(withMetadata("gradcast.provenance", "{\"a\":" + DEEP), "provenance", "depth");
  }

  @Test
  void fileWithoutMetadataIsRefused() throws IOException {
    refused(
        withHeader(header -> header.remove("__metadata__")),
        "expected an object at __metadata__, found nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gradcast.format",
        "gradcast.network",
        "gradcast.preprocessing",
        "gradcast.classes",
        "gradcast.provenance"
      })
  void missingMetadataAreNamed(String key) throws IOException {
    refused(
        withHeader(header -> object(header, "__metadata__").remove(key)),
        "expected text at " + key + ", found nothing");
  }

  @Test
  void unknownFormatOrPreprocessingIsRefused() throws IOException {
    refused(withMetadata("gradcast.format", "2"), "expected 1 at gradcast.format, found 2");
    refused(
        withMetadata("gradcast.preprocessing", "{\"input\":\"uint8\",\"divideBy\":256}"),
        "expected {\"input\":\"uint8\",\"divideBy\":255} at gradcast.preprocessing, found",
        "256");
  }

  @Test
  void missingTensorIsNamed() throws IOException {
    refused(
        withHeader(header -> header.remove("c2.bias")),
        "expected an object at c2.bias, found nothing");
  }

  @Test
  void tensorOfAnotherTypeShapeOrPlaceIsRefused() throws IOException {
    String expected = "expected tensor c2.bias to be F32 [12] at bytes 7824 to 7872, found ";
    refused(withTensor("c2.bias", "dtype", "F64"), expected + "F64 [12] at [7824, 7872]");
    refused(withTensor("c2.bias", "shape", List.of(3, 4)), expected + "F32 [3, 4] at");
    refused(withTensor("c2.bias", "shape", List.of(-12)), expected + "F32 [-12] at");
    refused(
        withTensor("c2.bias", "data_offsets", List.of(7820, 7868)),
        expected + "F32 [12] at [7820, 7868]");
    refused(withTensor("c2.bias", "data_offsets", List.of(7824)), expected + "F32 [12] at [7824]");
    refused(
        withTensor("c2.bias", "data_offsets", List.of(0L, Long.MAX_VALUE)),
        expected + "F32 [12] at [0, 9223372036854775807]");
  }

  @ParameterizedTest
  @CsvSource({
    "dtype, text at dtype",
    "shape, a list of integers at shape",
    "data_offsets, a list of integers at data_offsets"
  })
  void fieldOfTheWrongKindIsRefused(String key, String expected) throws IOException {
    refused(withTensor("fc.bias", key, 1.5), "fc.bias: expected " + expected + ", found 1.5");
  }

  @Test
  void tensorThatTheNetworkHasNotIsRefused() throws IOException {
    Map<String, Object> empty = new LinkedHashMap<>();
    empty.put("dtype", "F32");
    empty.put("shape", List.of(0));
    empty.put("data_offsets", List.of(0L, 0L));
    refused(
        withHeader(header -> header.put("extra", empty)),
        "expected 6 tensors in 15592 bytes, as its network has, found 7 in 15592");
  }

  @ParameterizedTest
  @ValueSource(ints = {-15592, -4, -1, 1, 4})
  void dataOfAnotherLengthThanTheTensorsAreRefused(int more) throws IOException {
    byte[] file = good();
    refused(
        Arrays.copyOf(file, file.length + more),
        "expected 6 tensors in 15592 bytes, as its network has, found 6 in " + (15592 + more));
  }

  /** As when a file is cut while it is read. */
  @Test
  void streamShorterThanTheLengthClaimedIsRefused() throws IOException {
    byte[] file = good();
    for (int cut : new int[] {0, 5, 8, 500, file.length - 9000, file.length - 1}) {
      refused(Arrays.copyOf(file, cut), file.length, "expected ", "found ");
    }
    refused(
        Arrays.copyOf(file, file.length - 1),
        file.length,
        "expected more bytes, found the end of the file");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void weightThatIsNoNumberIsRefused(float value) throws IOException {
    byte[] file = good();
    int at = 8 + headerLength(file) + 7872 + 4 * 1919;
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(at, value);
    refused(
        file, "expected numbers in tensor fc.weight, found %s at element 1919".formatted(value));
  }

  @Test
  void anotherNumberOfClassesThanTheNetworkHasIsRefused() throws IOException {
    byte[] file = withMetadata("gradcast.classes", "{\"names\":[\"0\",\"1\"]}");
    contains(fault(file, file.length), "a.safetensors: expected the names of 10 classes, found 2");
    refused(
        withMetadata("gradcast.classes", "{\"names\":[0,1]}"),
        "expected a list of texts at names, found [0, 1]");
  }

  @Test
  void provenanceOutOfRangeIsRefused() throws IOException {
    refused(withMetadata("gradcast.provenance", "{}"), "expected text at gradcastVersion");
  }

  @ParameterizedTest
  @CsvSource({"conv, 'maps\":60000,\"kernel\":28'", "dense, 'units\":4000000'"})
  void networkOfBillionsOfParametersIsRefusedBeforeMemoryIsTaken(String type, String size)
      throws IOException {
    String input = "conv".equals(type) ? "[80,28,28]" : "[1000,28,28]";
    String text =
        "{\"input\":%s,\"layers\":[{\"name\":\"big\",\"type\":\"%s\",\"%s}],\"loss\":\"squared-error\",\"name\":\"n\"}"
            .formatted(input, type, size);
    byte[] file = withMetadata("gradcast.network", text);
    contains(fault(file, file.length), "tensor big.weight: expected at most 2147483647 elements");
  }

  @Test
  void networkThatIsNoneIsRefused() throws IOException {
    refused(withMetadata("gradcast.network", "{}"), "network");
    refused(withMetadata("gradcast.network", "name = zhang"), "network: expected JSON");
  }
}
