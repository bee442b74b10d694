package io.gradcast.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept comes back to the bit, and whatever else is in a file gives one sentence. */
class CheckpointFileTest {

  private static byte[] good() throws IOException {
    return Checkpoints.write(Checkpoints.middle());
  }

  private static int headerLength(byte[] file) {
    return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static Map<String, Object> header(byte[] file) throws IOException {
    return Json.read(new String(file, 8, headerLength(file), StandardCharsets.UTF_8));
  }

  /** What a reader says to a file: one line, of the kind MODEL, that names the file. */
  private static String fault(byte[] file, long length) {
    GradcastException e =
        assertThrows(GradcastException.class, () -> Checkpoints.read(file, length));
    String sentence = e.getMessage();
    assertEquals(GradcastException.Kind.MODEL, e.kind(), sentence);
    assertTrue(sentence.startsWith("a.safetensors"), sentence);
    assertFalse(sentence.contains("\n"), "one line: " + sentence);
    assertTrue(sentence.length() < 2000, "short: " + sentence.length());
    return sentence;
  }

  private static void refused(byte[] file, String piece) {
    String sentence = fault(file, file.length);
    assertTrue(sentence.contains(piece), sentence);
  }

  private static void assertSame(TrainingState expected, TrainingState found) {
    assertEquals(expected.minibatch(), found.minibatch());
    assertArrayEquals(expected.parameters(), found.parameters());
    assertEquals(List.copyOf(expected.mirrors().keySet()), List.copyOf(found.mirrors().keySet()));
    expected
        .mirrors()
        .forEach((name, values) -> assertArrayEquals(values, found.mirrors().get(name), name));
    assertEquals(expected.lossSum(), found.lossSum());
    assertEquals(expected.nanos(), found.nanos());
    assertEquals(expected.sinceNanos(), found.sinceNanos());
    assertEquals(expected.busyNanos(), found.busyNanos());
    assertEquals(expected.epoch(), found.epoch());
    assertEquals(expected.measurements().size(), found.measurements().size());
    for (int i = 0; i < expected.measurements().size(); i++) {
      assertSame(expected.measurements().get(i), found.measurements().get(i));
    }
  }

  private static void assertSame(Measurement expected, Measurement found) {
    assertEquals(expected.epoch(), found.epoch());
    assertEquals(expected.iteration(), found.iteration());
    assertEquals(expected.learningRate(), found.learningRate());
    assertEquals(expected.trainLoss(), found.trainLoss());
    assertEquals(expected.trainAccuracy(), found.trainAccuracy());
    assertEquals(expected.seconds(), found.seconds());
    assertEquals(expected.samplesPerSecond(), found.samplesPerSecond());
    assertArrayEquals(expected.evaluation().counts(), found.evaluation().counts());
    assertEquals(expected.evaluation().loss(), found.evaluation().loss());
  }

  @Test
  void whatIsWrittenIsReadAgainToTheBit() throws IOException {
    Checkpoint checkpoint = Checkpoints.middle();
    byte[] file = Checkpoints.write(checkpoint);
    Checkpoint again = Checkpoints.read(file, file.length);
    assertEquals(checkpoint.provenance(), again.provenance());
    assertEquals(checkpoint.network().spec().text(), again.network().spec().text());
    assertEquals(2 * 11 + 4, again.iterations());
    assertSame(checkpoint.state(), again.state());
    assertArrayEquals(file, Checkpoints.write(again), "equal checkpoints have equal bytes");
  }

  @Test
  void countsOfSeveralLabelsAreReadAgain() throws IOException {
    Network network =
        new Network(NetworkSpec.parse("labels = several\n" + Checkpoints.TEXT, "several"));
    Evaluation evaluation = network.newEvaluation();
    boolean[] labels = {true, false, true};
    evaluation.add(labels, new boolean[] {true, true, false}, 0.5f);
    evaluation.add(labels, labels, 0.25f);
    List<Measurement> one = List.of(new Measurement(1, 11, 0.5, 0.25, 0.1, evaluation, 1, 2));
    float[] parameters = network.initialParameters(1);
    TrainingState state = new TrainingState(one, 1, 0, parameters, Map.of(), 0, 5, 1, 2, 3);
    byte[] file = Checkpoints.write(new Checkpoint(network, Checkpoints.PROVENANCE, state));
    assertSame(state, Checkpoints.read(file, file.length).state());
  }

  @Test
  void startIsReadAgain() throws IOException {
    TrainingState start = Checkpoints.start(Checkpoints.NETWORK.initialParameters(1));
    byte[] file =
        Checkpoints.write(new Checkpoint(Checkpoints.NETWORK, Checkpoints.PROVENANCE, start));
    Checkpoint again = Checkpoints.read(file, file.length);
    assertEquals(0, again.iterations());
    assertSame(start, again.state());
  }

  /** A step may leave the numbers; the next minibatch says so, resumed or not. */
  @Test
  void parametersThatAreNoNumbersComeBack() throws IOException {
    float[] parameters = new float[Checkpoints.NETWORK.parameterCount()];
    Arrays.fill(parameters, Float.NEGATIVE_INFINITY);
    parameters[1] = Float.NaN;
    byte[] file =
        Checkpoints.write(
            new Checkpoint(
                Checkpoints.NETWORK, Checkpoints.PROVENANCE, Checkpoints.start(parameters)));
    assertArrayEquals(parameters, Checkpoints.read(file, file.length).state().parameters());
  }

  @Test
  void parametersHaveTheTensorsOfTheModelFile() throws IOException {
    Checkpoint checkpoint = Checkpoints.middle();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafeTensors.write(
        new Model(
            checkpoint.network(),
            checkpoint.state().parameters(),
            List.of("0", "1", "2"),
            checkpoint.provenance()),
        out);
    byte[] model = out.toByteArray();
    byte[] file = good();
    Map<String, Object> tensors = header(model);
    tensors.remove("__metadata__");
    tensors.forEach(
        (name, entry) -> {
          try {
            assertArrayEquals(
                data(model, (Map<?, ?>) entry), data(file, (Map<?, ?>) header(file).get(name)));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertEquals(4, tensors.size());
  }

  private static byte[] data(byte[] file, Map<?, ?> entry) {
    List<?> offsets = (List<?>) entry.get("data_offsets");
    int start = 8 + headerLength(file);
    return Arrays.copyOfRange(
        file,
        start + ((Long) offsets.get(0)).intValue(),
        start + ((Long) offsets.get(1)).intValue());
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] file = good();
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      fault(cut, cut.length);
      fault(cut, file.length); // as when it is cut while it is read
    }
  }

  @Test
  void bytesBehindTheEndAreNoticed() throws IOException {
    refused(Arrays.copyOf(good(), good().length + 1), "tensors in ");
  }

  /** Also those of sizes: none may take much memory or time. */
  @ParameterizedTest
  @ValueSource(ints = {0x01, 0x02, 0x08, 0x10, 0x40, 0x80, 0xff})
  void everyFlippedBitIsNoticed(int flip) throws IOException {
    byte[] file = good();
    for (int i = 0; i < file.length; i++) {
      file[i] ^= (byte) flip;
      fault(file, file.length);
      file[i] ^= (byte) flip;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 1L << 24, 1L << 31, Long.MIN_VALUE, Long.MAX_VALUE})
  void headerLengthThatCannotBeIsRefused(long length) throws IOException {
    byte[] file = good();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    refused(file, "expected a safetensors file, found %d bytes".formatted(file.length));
  }

  /** The good file with another position, whose hash is then wrong as well: it comes last. */
  private static byte[] withPosition(String field, String value) throws IOException {
    String text = new String(good(), StandardCharsets.ISO_8859_1);
    String changed = text.replaceFirst("(\\\\\"" + field + "\\\\\":)[-0-9.E]+", "$1" + value);
    byte[] file = changed.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength(good()) + file.length - text.length());
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "measurements, 2147483647, expected the counts of 2147483647 measurements",
    "measurements, 2147483648, expected an integer from 0 to 2147483647 at measurements",
    "measurements, -1, expected an integer from 0 to 2147483647 at measurements",
    "measurements, 3, expected tensor measurements.counts to be I64",
    "epoch, 2147483648, expected an integer from 0 to 2147483647 at epoch",
    "epoch, -1, expected an integer from 0 to 2147483647 at epoch",
    "epoch, 3, expected the SHA-256 ",
    "minibatch, 11, expected an integer from 0 to 10 at minibatch",
    "minibatch, -1, expected an integer from 0 to 10 at minibatch",
    "lossSum, 1E999, expected a number at lossSum",
    "nanos, -1, expected an integer from 0",
    "sinceNanos, 0.5, expected an integer from 0",
    "busyNanos, 13, expected the SHA-256 ",
  })
  void positionThatCannotBeIsRefused(String field, String value, String sentence)
      throws IOException {
    refused(withPosition(field, value), sentence);
  }

  private static byte[] withText(String before, String after) throws IOException {
    String text = new String(good(), StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(before), before);
    byte[] file = text.replace(before, after).getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength(good()) + file.length - text.length());
    return file;
  }

  @Test
  void filesOfTheFirstVersionAreRefused() throws IOException {
    refused(
        withText("\"gradcast.checkpoint\":\"3\"", "\"gradcast.checkpoint\":\"2\""),
        "expected 3 at gradcast.checkpoint, found 2");
  }

  @Test
  void arraysThatAreNotInTheFileAreRefused() throws IOException {
    String mirrors = "[\\\"velocity\\\",\\\"best\\\"]";
    refused(withText(mirrors, "[]"), "expected tensor sha256 to be U8");
    refused(withText(mirrors, "[\\\"best\\\"]"), "expected tensor best to be F32");
    refused(
        withText(mirrors, "[\\\"velocity\\\",\\\"velocity\\\"]"),
        "expected tensor velocity to be F32");
    refused(withText(mirrors, "[\\\"other\\\"]"), "expected an object at other, found nothing");
    refused(withText(mirrors, "7"), "expected a list of texts at mirrors, found 7");
  }

  @Test
  void settingsThatAreNoTextsOrNumbersAreRefused() throws IOException {
    refused(withText("\\\"patience\\\":3", "\\\"patience\\\":[3]"), "expected texts and numbers");
  }

  @Test
  void modelsAreNoCheckpointsNorTheOtherWayRound() throws IOException {
    byte[] file = good();
    GradcastException e =
        assertThrows(
            GradcastException.class,
            () -> SafeTensors.read(new ByteArrayInputStream(file), file.length, "a"));
    assertTrue(e.getMessage().contains("expected text at gradcast.format"), e.getMessage());
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    SafeTensors.write(
        new Model(
            Checkpoints.NETWORK,
            Checkpoints.NETWORK.initialParameters(1),
            List.of("0", "1", "2"),
            Checkpoints.PROVENANCE),
        model);
    refused(model.toByteArray(), "expected text at gradcast.checkpoint, found nothing");
  }
}
