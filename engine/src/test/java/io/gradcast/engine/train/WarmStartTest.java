package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.model.Checkpoint;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.optim.Adam;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A training that begins with the parameters of a model. */
class WarmStartTest {

  private static final Network NETWORK = LocalTrainerTest.SMALL;
  private static final String SHA256 = "0123456789abcdef".repeat(4);
  private static final TrainingConfig COLD =
      new TrainingConfig(2, 10, 0.02, 5).with(new Adam(0.9, 0.999, 1e-8, 0));
  private static final TrainingConfig WARM = COLD.startingFrom(SHA256);

  private float[] trained;

  private static TrainingResult train(TrainingConfig config, CheckpointPlan plan) {
    Samples samples = LocalTrainerTest.halves(90);
    try (LocalTrainer trainer = new LocalTrainer(NETWORK, config, samples, samples, 2)) {
      return trainer.train(TrainingListener.NONE, plan);
    }
  }

  private static CheckpointPlan from(float[] parameters) {
    return new CheckpointPlan(
        Optional.of(TrainingState.start(NETWORK, WARM.optimizer(), parameters, "model a")),
        Long.MAX_VALUE,
        state -> {});
  }

  private static Provenance provenance(TrainingConfig config) {
    return config.provenance(Fingerprint.EMPTY, 90, Fingerprint.EMPTY);
  }

  @BeforeEach
  void trainAModel() {
    trained = train(new TrainingConfig(10, 10, 1, 1), CheckpointPlan.NONE).parameters();
  }

  @Test
  void goesOnBelowTheLossOfAColdOne() {
    TrainingResult cold = train(COLD, CheckpointPlan.NONE);
    TrainingResult warm = train(WARM, from(trained));
    assertEquals(cold.iterations(), warm.iterations(), "it begins at its first epoch");
    assertTrue(
        warm.measurements().get(0).evaluation().loss() < cold.last().evaluation().loss(),
        "after one epoch it is where the other is not after two");
    assertTrue(warm.measurements().get(0).trainLoss() < cold.last().trainLoss());
  }

  @Test
  void givesTheSameEachTimeAndLeavesTheModelAsItIs() {
    float[] before = trained.clone();
    float[] once = train(WARM, from(trained)).parameters();
    assertArrayEquals(once, train(WARM, from(trained)).parameters());
    assertArrayEquals(before, trained);
  }

  @Test
  void provenanceAndSoItsCheckpointsSayWhatItBeganWith() {
    assertEquals(SHA256, provenance(WARM).settings().get("warm-start"));
    TrainingState state = TrainingState.start(NETWORK, WARM.optimizer(), trained, "model a");
    Checkpoint checkpoint = new Checkpoint(NETWORK, provenance(WARM), state);
    checkpoint.requireContinuedBy(NETWORK, provenance(WARM), "a");
    assertEquals(
        "a: expected warm-start = none, as this run has, found " + SHA256,
        assertThrows(
                GradcastException.class,
                () -> checkpoint.requireContinuedBy(NETWORK, provenance(COLD), "a"))
            .getMessage());
  }

  @Test
  void parametersOfAnotherNetworkAreRefused() {
    GradcastException e = assertThrows(GradcastException.class, () -> from(new float[1234]));
    assertEquals(Kind.MODEL, e.kind());
    assertEquals(
        "model a: expected %,d parameters, as the network has, found 1,234"
            .formatted(NETWORK.parameterCount()),
        e.getMessage());
  }

  /** Else the provenance would say what is not so. */
  @Test
  void warmStartHasParameters() {
    assertThrows(IllegalStateException.class, () -> train(WARM, CheckpointPlan.NONE));
  }
}
