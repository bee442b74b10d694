package io.gradcast.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run goes on from a checkpoint of its own and from no other. */
class CheckpointTest {

  private static final Provenance RUN = Checkpoints.PROVENANCE;

  private static void refused(Kind kind, String sentence, Network network, Provenance run) {
    GradcastException e =
        assertThrows(
            GradcastException.class,
            () -> Checkpoints.middle().requireContinuedBy(network, run, "checkpoint c"));
    assertEquals(sentence, e.getMessage());
    assertEquals(kind, e.kind());
  }

  private static void refused(Kind kind, String sentence, Provenance run) {
    refused(kind, sentence, Checkpoints.NETWORK, run);
  }

  private static Provenance epochs(int epochs) {
    return new Provenance(
        RUN.version(),
        RUN.dataFingerprint(),
        RUN.samples(),
        epochs,
        RUN.batchSize(),
        RUN.learningRate(),
        RUN.seed(),
        RUN.settings());
  }

  /** The position is in the third epoch. */
  @ParameterizedTest
  @ValueSource(ints = {3, 5, 6, 1000})
  void numberOfEpochsMayBeAnotherThatIsNotPassed(int epochs) {
    Checkpoints.middle().requireContinuedBy(Checkpoints.NETWORK, epochs(epochs), "checkpoint c");
  }

  @Test
  void endBeforeThePositionIsRefused() {
    refused(
        Kind.USAGE,
        "checkpoint c: expected a position within epochs = 2, found one in epoch 3",
        epochs(2));
  }

  @Test
  void anotherVersionIsNamed() {
    refused(
        Kind.USAGE,
        "checkpoint c: expected version of Gradcast = 0.2.0, as this run has, found 0.1.0",
        new Provenance("0.2.0", RUN.dataFingerprint(), 103, 5, 10, 0.1, -7, RUN.settings()));
  }

  @Test
  void anotherBatchSizeIsNamed() {
    refused(
        Kind.USAGE,
        "checkpoint c: expected batch-size = 20, as this run has, found 10",
        new Provenance("0.1.0", RUN.dataFingerprint(), 103, 5, 20, 0.1, -7, RUN.settings()));
  }

  @Test
  void anotherLearningRateIsNamed() {
    refused(
        Kind.USAGE,
        "checkpoint c: expected learning-rate = 0.2, as this run has, found 0.1",
        new Provenance("0.1.0", RUN.dataFingerprint(), 103, 5, 10, 0.2, -7, RUN.settings()));
  }

  @Test
  void anotherSeedIsNamed() {
    refused(
        Kind.USAGE,
        "checkpoint c: expected seed = 7, as this run has, found -7",
        new Provenance("0.1.0", RUN.dataFingerprint(), 103, 5, 10, 0.1, 7, RUN.settings()));
  }

  private static Provenance settings(Object... keysAndValues) {
    SortedMap<String, Object> settings = new TreeMap<>(RUN.settings());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return new Provenance("0.1.0", RUN.dataFingerprint(), 103, 5, 10, 0.1, -7, settings);
  }

  @Test
  void firstOtherSettingIsNamed() {
    refused(
        Kind.USAGE,
        "checkpoint c: expected momentum = 0.8, as this run has, found 0.9",
        settings("momentum", 0.8, "patience", 4L));
    refused(
        Kind.USAGE,
        "checkpoint c: expected clip-norm = 1.0, as this run has, found none",
        settings("clip-norm", 1.0));
    refused(
        Kind.USAGE,
        "checkpoint c: expected momentum = none, as this run has, found 0.9",
        new Provenance("0.1.0", RUN.dataFingerprint(), 103, 5, 10, 0.1, -7));
  }

  @Test
  void otherDataAreNamed() {
    String end = ", found a run on 103 samples of fingerprint " + RUN.dataFingerprint();
    refused(
        Kind.DATA,
        "checkpoint c: expected 103 samples of fingerprint ff, as the training data are" + end,
        new Provenance("0.1.0", "ff", 103, 5, 10, 0.1, -7, RUN.settings()));
    refused(
        Kind.DATA,
        "checkpoint c: expected 104 samples of fingerprint "
            + RUN.dataFingerprint()
            + ", as the training data are"
            + end,
        new Provenance("0.1.0", RUN.dataFingerprint(), 104, 5, 10, 0.1, -7, RUN.settings()));
  }

  @Test
  void anotherNetworkIsShownWhereItDiffers() {
    String text = Checkpoints.TEXT.replace("maps = 2", "maps = 4");
    String shown =
        "...t\":[1,4,4],\"layers\":[{\"kernel\":3,\"maps\":%d,\"name\":\"c\",\"type\":\"conv\"},";
    String more = "{\"type\":\"sigmoid\"},{\"name\":\"fc\",...";
    refused(
        Kind.USAGE,
        "checkpoint c: expected the network of this run, with %s, found one with %s"
            .formatted(shown.formatted(4) + more, shown.formatted(2) + more),
        new Network(NetworkSpec.parse(text, "other")),
        RUN);
  }
}
