package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.Interval;
import io.gradcast.engine.model.Checkpoint;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.spark.store.Checkpoints;
import io.gradcast.spark.store.Publication;
import io.gradcast.spark.store.Storage;
import java.util.Optional;

/**
 * The checkpoints of one run: whether there are any, where they are, what it goes on from, and what
 * becomes of them. A run that sets any of the three settings for them has them.
 */
final class Checkpointing {

  private final boolean wanted;
  private final boolean resume;
  private final boolean overwrite;
  private final Interval interval;

  /** Empty where they are beside the output. */
  private final String named;

  private Checkpoints checkpoints;

  /** Checks the settings. */
  Checkpointing(Settings settings) {
    resume = settings.flag(Setting.RESUME);
    overwrite = settings.flag(Setting.OVERWRITE);
    named = settings.text(Setting.CHECKPOINT);
    String every = settings.text(Setting.CHECKPOINT_EVERY);
    wanted = resume || !named.isEmpty() || !every.isEmpty();
    interval =
        every.isEmpty() ? Interval.EPOCH : Interval.parse(Setting.CHECKPOINT_EVERY.key(), every);
    if (wanted && named.isEmpty() && settings.text(Setting.OUTPUT).isEmpty()) {
      throw GradcastException.usage(
          "output: expected a folder beside which checkpoints can be found again, or one for them"
              + " by --checkpoint, found neither");
    }
  }

  /** Looks whether the folder is free, before there is any work that would be in vain. */
  void open(Storage storage, String output) {
    if (!wanted) {
      return;
    }
    String folder = named.isEmpty() ? Storage.path("output", output) + ".checkpoints" : named;
    checkpoints = storage.checkpoints(folder, output);
    if (!resume && !overwrite && !checkpoints.isEmpty()) {
      throw new GradcastException(
          Kind.OUTPUT,
          ("checkpoint %s: expected none there yet, found those of an earlier run; --resume goes"
                  + " on from them, --overwrite deletes them")
              .formatted(checkpoints.folder()));
    }
  }

  /**
   * Finds out where to start, says so if that was asked for, and gives what the training needs.
   *
   * @param run what the model will be of
   */
  CheckpointPlan begin(Network network, TrainingConfig config, Provenance run) {
    if (!wanted) {
      return CheckpointPlan.NONE;
    }
    Optional<TrainingState> from = resume ? newest(network, run) : Optional.empty();
    checkpoints.begin(resume);
    if (resume) {
      System.err.println(start(from, run.epochs()));
    }
    return new CheckpointPlan(
        from,
        interval.iterations(config.iterations(run.samples())),
        state -> checkpoints.write(new Checkpoint(network, run, state)));
  }

  private Optional<TrainingState> newest(Network network, Provenance run) {
    Optional<Checkpoints.Found> found = checkpoints.newest();
    found.ifPresent(
        it -> it.checkpoint().requireContinuedBy(network, run, "checkpoint " + it.file()));
    return found.map(it -> it.checkpoint().state());
  }

  private String start(Optional<TrainingState> from, int epochs) {
    if (from.isEmpty()) {
      return "no checkpoint in %s: starting at epoch 1 of %d"
          .formatted(checkpoints.folder(), epochs);
    }
    TrainingState state = from.get();
    return state.epoch() == epochs
        ? "resuming at the end of epoch %d of %d".formatted(epochs, epochs)
        : "resuming at epoch %d of %d, iteration %d"
            .formatted(state.epoch() + 1, epochs, state.minibatch() + 1);
  }

  /**
   * Cleans up once the output is there. Checkpoints in a folder that the user named stay: a longer
   * training may go on from them.
   */
  void end(Publication published) {
    if (resume) {
      published.deleteAbandoned();
    }
    if (wanted && named.isEmpty()) {
      checkpoints.deleteAll();
    }
  }
}
