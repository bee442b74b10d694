package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.Sha256;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.PairedCounts;
import io.gradcast.engine.model.Checkpoint;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.TrainingState;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.source.DataSources;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.source.Sources;
import io.gradcast.spark.store.Checkpoints;
import io.gradcast.spark.store.ModelStore;
import io.gradcast.spark.store.ModelVersion;
import io.gradcast.spark.store.Publication;
import io.gradcast.spark.store.Storage;
import io.gradcast.spark.store.StoreLock;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** Trains a challenger, adds it to the store as a version, and lets the gate decide. */
final class Challenge {

  /** What a training that diverges does to its learning rate before it begins anew. */
  private static final double LOWER = 0.5;

  private static final int NAME_DIGITS = 12;

  private final Plan plan;
  private final Desk desk;
  private final Storage storage;
  private final ModelStore store;
  private final StoreLock lock;
  private final RunFolder folder;
  private final RunState state;
  private final RunNotes notes;
  private final Optional<Model> champion;
  private final long begin = System.nanoTime();

  Challenge(
      Plan plan,
      Desk desk,
      Storage storage,
      ModelStore store,
      StoreLock lock,
      RunFolder folder,
      RunState state,
      RunNotes notes) {
    this.plan = plan;
    this.desk = desk;
    this.storage = storage;
    this.store = store;
    this.lock = lock;
    this.folder = folder;
    this.state = state;
    this.notes = notes;
    champion = store.champion().map(store::load);
  }

  /** Does all of it, again with a lower learning rate where training diverges. */
  Decision run() {
    for (int attempt = 0; ; attempt++) {
      try {
        return run(attempt);
      } catch (GradcastException e) {
        if (e.kind() != Kind.DIVERGED || attempt == plan.retries()) {
          throw e;
        }
        notes.warn(
            "%s; attempt %d of %d with half the learning rate"
                .formatted(e.getMessage(), attempt + 2, plan.retries() + 1));
      }
    }
  }

  private Decision run(int attempt) {
    Plan.Training training = plan.training();
    TrainingConfig config = config(attempt);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(desk.spark().sparkContext());
    Sources sources =
        desk.during("reading", () -> training.open().apply(new DataSources(desk.spark())));
    try (SparkTrainer trainer =
        desk.during(
            "reading",
            () ->
                new SparkTrainer(
                    context,
                    training.network().apply(storage),
                    config,
                    sources,
                    training.partitions(),
                    training.exchange(),
                    training.treeDepth()))) {
      sources.distinct().forEach(notes::leftOut);
      notes.data(trainer);
      requireComparable(trainer);
      notes.look(plan.limits(), plan.driftFails());
      TrainingResult result = train(trainer, config, attempt);
      return judge(trainer, result, sources.distinct());
    }
  }

  /** The settings' configuration, with what the plan changes of it. */
  private TrainingConfig config(int attempt) {
    TrainingConfig config = plan.training().config();
    config = config.withLearningRate(config.learningRate() * Math.pow(LOWER, attempt));
    if (plan.maxDuration().isPresent()) {
      config = config.with(config.watch().keepingBest());
    }
    return first().map(it -> it.model().sha256()).map(config::startingFrom).orElse(config);
  }

  /** The champion that a warm start begins with: that of the run's first start. */
  private Optional<ModelVersion> first() {
    return plan.warmStart() && !state.champion().isEmpty()
        ? store.version(state.champion())
        : Optional.empty();
  }

  private void requireComparable(SparkTrainer trainer) {
    champion.ifPresent(
        model -> {
          if (!model.network().input().equals(trainer.network().input())) {
            throw GradcastException.data(
                "data: expected images of %s, which the champion takes, found %s"
                    .formatted(model.network().input(), trainer.network().input()));
          }
        });
  }

  private TrainingResult train(SparkTrainer trainer, TrainingConfig config, int attempt) {
    Checkpoints checkpoints = folder.checkpoints(attempt);
    Optional<TrainingState> from = newest(checkpoints, trainer);
    checkpoints.begin(from.isPresent());
    from.ifPresent(
        it ->
            desk.say(
                "resuming at epoch %d, iteration %d"
                    .formatted(it.epoch() + 1, it.minibatch() + 1)));
    CheckpointPlan keeping =
        new CheckpointPlan(
            from.or(() -> warm(trainer, config)),
            plan.training().checkpointEvery().iterations(config.iterations(trainer.samples())),
            it -> checkpoints.write(new Checkpoint(trainer.network(), trainer.provenance(), it)));
    CheckpointPlan limited = plan.maxDuration().map(it -> until(keeping, it)).orElse(keeping);
    TrainingListener listener =
        TrainingListener.of(
            new Watchman(lock, limited.from()), desk.progress(trainer, config, limited));
    TrainingResult result = trainer.train(trainer.exchange().exchange(), listener, limited);
    if (result.outOfTime()) {
      notes.warn(
          "max-duration: training ended after %,d iterations; the best model so far is of epoch %d"
              .formatted(result.iterations(), result.kept().epoch()));
    }
    return result;
  }

  /** The newest state, unless it is of other data or settings. */
  private Optional<TrainingState> newest(Checkpoints checkpoints, SparkTrainer trainer) {
    try {
      Optional<Checkpoints.Found> found = checkpoints.newest();
      found.ifPresent(
          it ->
              it.checkpoint()
                  .requireContinuedBy(
                      trainer.network(), trainer.provenance(), "checkpoint " + it.file()));
      return found.map(it -> it.checkpoint().state());
    } catch (GradcastException e) {
      if (e.kind() != Kind.MODEL) {
        throw e;
      }
      notes.warn(e.getMessage() + "; training begins anew");
      return Optional.empty();
    }
  }

  private Optional<TrainingState> warm(SparkTrainer trainer, TrainingConfig config) {
    return first()
        .map(
            version ->
                TrainingState.start(
                    trainer.network(),
                    config.optimizer(),
                    store.load(version.name()).parameters(),
                    "warm-start, version " + version.name()));
  }

  /** What earlier starts spent on training counts too. */
  private CheckpointPlan until(CheckpointPlan keeping, Duration most) {
    long left = most.toNanos() - keeping.from().map(TrainingState::nanos).orElse(0L);
    if (System.nanoTime() - begin > left && keeping.from().isEmpty()) {
      throw new GradcastException(
          Kind.BUDGET,
          "max-duration: expected an end of reading within %s, found none".formatted(most));
    }
    return keeping.until(() -> System.nanoTime() - begin > left);
  }

  private Decision judge(SparkTrainer trainer, TrainingResult result, Collection<Source> sources) {
    Model model = trainer.model(result);
    byte[] file = VersionFiles.model(model);
    String sha256 = HexFormat.of().formatHex(Sha256.digest().digest(file));
    Evaluation evaluation = trainer.test(result);
    String version = plan.date() + "-" + sha256.substring(0, NAME_DIGITS);
    Map<String, Publication.Content> files =
        VersionFiles.of(
            file,
            model,
            result,
            trainer.examine(result.parameters()),
            trainer.watched(),
            plan.training().settings(),
            sources);
    lock.requireHeld();
    store.add(lock, version, files, written -> manifest(version, written, model, evaluation));
    notes.trained(version, result, file.length, sha256);
    Optional<PairedCounts> paired =
        champion.map(it -> desk.during("comparing", () -> trainer.compare(it, model)));
    Decision decision =
        plan.gate()
            .decide(
                new Gate.Challenger(
                    evaluation,
                    model.classes(),
                    paired,
                    file.length,
                    plan.gate().limitsTime() ? Timing.millisAnImage(model) : Double.NaN));
    notes.compared(evaluation, paired, decision);
    return decision;
  }

  private ModelVersion manifest(
      String version, List<ModelVersion.File> files, Model model, Evaluation evaluation) {
    return new ModelVersion(
        version,
        plan.date().toString(),
        files,
        evaluation.accuracy(),
        evaluation.samples(),
        model.provenance().samples(),
        model.network().spec().name(),
        model.network().parameterCount());
  }
}
