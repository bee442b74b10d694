package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.spark.store.Models;
import io.gradcast.spark.store.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a model file holds, it is a good model or one sentence and exit code 4: never an
 * exception of some library, nor memory for sizes that the file only claims.
 */
class BadModelTest {

  private static final int C1_WEIGHTS = 6 * 5 * 5;

  @TempDir private Path folder;

  private static byte[] goodModel() {
    Network network = new Network(NetworkSpec.named("zhang"));
    Model model =
        new Model(
            network,
            network.initialParameters(1),
            IntStream.range(0, 10).mapToObj(Integer::toString).toList(),
            new Provenance("0.1.0", "0".repeat(32), 300, 2, 50, 1.0, 1));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      SafeTensors.write(model, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static int headerLength(byte[] model) {
    return (int) ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** The good model with another header and the same tensors. */
  private static byte[] withHeader(UnaryOperator<String> change) {
    byte[] good = goodModel();
    int length = headerLength(good);
    String header = new String(good, 8, length, StandardCharsets.UTF_8);
    String changed = change.apply(header);
    if (changed.equals(header)) {
      throw new AssertionError("nothing to change in " + header);
    }
    byte[] json = changed.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + good.length - 8 - length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(good, 8 + length, good.length - 8 - length)
        .array();
  }

  private static byte[] withHeaderLength(long length) {
    byte[] model = goodModel();
    ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    return model;
  }

  private static byte[] withElement(int index, float value) {
    byte[] model = goodModel();
    ByteBuffer.wrap(model)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(8 + headerLength(model) + index * Float.BYTES, value);
    return model;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static Arguments fault(String name, byte[] model, String... pieces) {
    return arguments(name, model, List.of(pieces));
  }

  private static Arguments faultyHeader(
      String name, UnaryOperator<String> change, String... pieces) {
    return fault(name, withHeader(change), pieces);
  }

  static Stream<Arguments> faults() {
    byte[] good = goodModel();
    int dataStart = 8 + headerLength(good);
    return Stream.of(
        fault("empty", new byte[0], "expected a safetensors file, found 0 bytes"),
        fault("a few bytes", new byte[7], "expected a safetensors file, found 7 bytes"),
        fault("random bytes", random(5000), "expected a safetensors file, found 5000 bytes"),
        fault(
            "text",
            "This is not a model.".getBytes(StandardCharsets.UTF_8),
            "expected a safetensors file, found 20 bytes"),
        fault("cut off in the header", Arrays.copyOf(good, 500), "found 500 bytes"),
        fault(
            "cut off in the tensors",
            Arrays.copyOf(good, dataStart + 4 * 3898 - 1),
            "expected 6 tensors in 15592 bytes, as its network has, found 6 in 15591"),
        fault(
            "bytes behind the tensors",
            Arrays.copyOf(good, good.length + 1),
            "expected 6 tensors in 15592 bytes, as its network has, found 6 in 15593"),
        fault("huge header", withHeaderLength(Long.MAX_VALUE), "header of 9223372036854775807"),
        fault("negative header", withHeaderLength(-5), "header of -5"),
        fault("header over the end", withHeaderLength(good.length - 7), "expected a safetensors"),
        fault("header too short", withHeaderLength(100), "expected JSON, found a fault"),
        faultyHeader("header of nothing", header -> "  ", "expected a JSON object"),
        faultyHeader("header a list", header -> "[1]", "expected a JSON object"),
        faultyHeader(
            "header nested deeply",
            header -> "{\"a\":".repeat(100_000),
            "expected JSON, found a fault",
            "nesting depth"),
        faultyHeader(
            "lists nested deeply",
            header -> "{\"a\":" + "[".repeat(100_000),
            "expected JSON, found a fault",
            "nesting depth"),
        faultyHeader(
            "network nested deeply",
            header -> header.replace("\\\"layers\\\":[", "\\\"layers\\\":" + "[".repeat(100_000)),
            "network: expected JSON, found a fault",
            "nesting depth"),
        faultyHeader(
            "key twice",
            header -> header.replace("\"c1.bias\"", "\"c1.weight\""),
            "the key c1.weight is there twice"),
        faultyHeader(
            "no metadata",
            header -> header.replace("__metadata__", "__other__"),
            "expected an object at __metadata__, found nothing"),
        faultyHeader(
            "another format",
            header -> header.replace("\"gradcast.format\":\"1\"", "\"gradcast.format\":\"2\""),
            "expected 1 at gradcast.format, found 2"),
        faultyHeader(
            "another preprocessing",
            header -> header.replace("255", "256"),
            "at gradcast.preprocessing, found",
            "256"),
        faultyHeader(
            "another type of layer",
            header -> header.replace("\\\"flatten\\\"", "\\\"flattin\\\""),
            "found flattin"),
        faultyHeader(
            "tensor missing",
            header -> header.replace("\"c2.bias\"", "\"c2.bios\""),
            "expected an object at c2.bias, found nothing"),
        faultyHeader(
            "wrong shape",
            header -> header.replace("[10,192]", "[192,10]"),
            "expected tensor fc.weight to be F32 [10, 192] at bytes",
            "found F32 [192, 10]"),
        faultyHeader(
            "wrong type",
            header -> header.replaceFirst("\"F32\"", "\"F64\""),
            "expected tensor c1.weight to be F32 [6, 1, 5, 5] at bytes 0 to 600, found F64"),
        faultyHeader(
            "overlapping tensors",
            header -> header.replace("[600,624]", "[596,620]"),
            "expected tensor c1.bias to be F32 [6] at bytes 600 to 624",
            "at [596, 620]"),
        faultyHeader(
            "offsets beyond any number",
            header -> header.replace("[600,624]", "[600,99999999999999999999]"),
            "expected JSON, found a fault"),
        faultyHeader(
            "no epochs",
            header -> header.replace("\\\"epochs\\\":2", "\\\"epochs\\\":0"),
            "provenance: expected an integer from 1 to 2147483647 at epochs, found 0"),
        fault(
            "NaN",
            withElement(C1_WEIGHTS + 2, Float.NaN),
            "expected numbers in tensor c1.bias, found NaN at element 2"),
        fault(
            "infinity",
            withElement(0, Float.NEGATIVE_INFINITY),
            "expected numbers in tensor c1.weight, found -Infinity at element 0"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void faults(String name, byte[] model, List<String> pieces) throws IOException {
    Path file = Files.write(folder.resolve("model.safetensors"), model);
    GradcastException e = assertThrows(GradcastException.class, () -> load(file.toString()), name);
    assertEquals(4, e.kind().exitCode(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    Run.assertPieces(e.getMessage(), "model file:" + file);
    Run.assertPieces(e.getMessage(), pieces.toArray());
  }

  private static Model load(String uri) {
    return Models.load(new Storage(new Configuration()), uri);
  }

  @Test
  void goodModelIsReadFromItsFileAndFromItsFolder() throws IOException {
    Path file = Files.write(folder.resolve("model.safetensors"), goodModel());
    assertEquals(3898, load(file.toString()).parameters().length);
    assertEquals(3898, load(folder.toUri().toString()).parameters().length);
  }

  @Test
  void missingModelIsOneSentence() {
    for (String uri : List.of(folder + "/missing", folder.toString())) {
      GradcastException e = assertThrows(GradcastException.class, () -> load(uri));
      assertEquals(4, e.kind().exitCode());
      Run.assertPieces(
          e.getMessage(),
          "model " + uri,
          ": expected a model file or a folder with model.safetensors, found nothing");
    }
  }

  @Test
  void folderInPlaceOfTheModelIsOneSentence() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model.safetensors"));
    GradcastException e = assertThrows(GradcastException.class, () -> load(folder.toString()));
    assertEquals(4, e.kind().exitCode());
    Run.assertPieces(e.getMessage(), "model file:" + model + ": expected a ");
  }

  @Test
  void unreadableModelReachesTheUserAsOneSentence() throws IOException {
    Path model = Files.write(folder.resolve("m"), random(100));
    Path data = IdxFiles.write(folder.resolve("data"), 3, 3, 28);
    String sentence = "model file:" + model + ": expected a safetensors file, found 100 bytes";
    Run.of("evaluate", "--model", model, "--data", data).failedWith(4, sentence);
    Run.of("predict", "--model", model, "--data", data, "--output", folder.resolve("out"))
        .failedWith(4, sentence);
    Outputs.assertNothingBeside(folder, "m", "data");
  }

  @Test
  void modelForOtherImagesReachesTheUserAsOneSentence() throws IOException {
    Path model = Files.write(folder.resolve("m"), goodModel());
    Path data = IdxFiles.write(folder.resolve("data"), 3, 3, 20);
    String sentence = ": expected images of 1x28x28, as the network takes, found 1x20x20";
    Run.of("evaluate", "--model", model, "--data", data).failedWith(3, sentence);
    Run.of("predict", "--model", model, "--data", data, "--output", folder.resolve("out"))
        .failedWith(3, sentence);
    Outputs.assertNothingBeside(folder, "m", "data");
  }
}
