package io.gradcast.spark.cli;

import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.Exchange;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.TrainingResult;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.exchange.Exchanges;
import io.gradcast.spark.monitor.TensorBoard;
import io.gradcast.spark.source.DataSources;
import io.gradcast.spark.source.DataSpec;
import io.gradcast.spark.source.Sources;
import io.gradcast.spark.store.Publication;
import io.gradcast.spark.store.Storage;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Reads images, trains a network, evaluates it, and publishes model, metrics, summary and report.
 */
@Command(name = "train", description = "Trains a network on labelled images.")
final class TrainCommand implements Callable<Integer> {

  private static final DateTimeFormatter RUN_NAME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss");

  @Mixin private MasterOption master;

  private CommandSpec spec;

  /** Called by picocli while it makes the command. */
  @Spec
  void setSpec(CommandSpec newSpec) {
    spec = newSpec;
    Settings.addOptions(newSpec, EnumSet.allOf(Setting.class));
  }

  @Override
  public Integer call() {
    Settings settings = Settings.of(spec.commandLine().getParseResult());
    TrainingConfig config = TrainingSettings.of(settings);
    int partitions = settings.integer(Setting.PARTITIONS, 0);
    int depth = settings.integer(Setting.TREE_DEPTH, 0);
    ExchangeKind exchange = settings.choice(Setting.EXCHANGE, ExchangeKind.class);
    DataSpec data = DataSettings.of(settings);
    String output = settings.has(Setting.OUTPUT) ? settings.text(Setting.OUTPUT) : newRun();
    boolean overwrite = settings.flag(Setting.OVERWRITE);
    String board = settings.text(Setting.TENSORBOARD);
    Checkpointing checkpointing = new Checkpointing(settings);
    TrainingReport report = new TrainingReport(settings);
    try (Session session = Session.start(master.value())) {
      report.started(session.context().sc());
      Storage storage = session.storage();
      NetworkText network = Networks.load(storage, settings);
      checkpointing.open(storage, output);
      Sources sources =
          JobProgress.during(
              session,
              "reading",
              () -> TrainingSources.open(new DataSources(session.spark()), data, settings));
      try (Publication publication = storage.publish(output, overwrite);
          SparkTrainer trainer =
              JobProgress.during(
                  session,
                  "reading",
                  () ->
                      new SparkTrainer(
                          session.context(),
                          network,
                          config,
                          sources,
                          partitions,
                          exchange,
                          depth))) {
        report.dataRead();
        BadRecords.write(publication, sources.distinct());
        trainer.notes().forEach(note -> System.err.println("gradcast: " + note));
        Exchanges.Choice choice = trainer.exchange();
        if (!choice.note().isEmpty()) {
          System.err.println("gradcast: " + choice.note());
        }
        CheckpointPlan plan = checkpointing.begin(trainer.network(), config, trainer.provenance());
        TrainingResult result = train(trainer, config, choice.exchange(), plan, storage, board);
        report.trained(result, plan, choice.kind());
        report.examined(trainer.examine(result.parameters()));
        TrainingOutput written =
            TrainingOutput.write(publication, trainer, result, choice.kind(), report);
        System.out.print(written.table(publication.commit()));
        checkpointing.end(publication);
      }
    }
    return 0;
  }

  private static TrainingResult train(
      SparkTrainer trainer,
      TrainingConfig config,
      Exchange exchange,
      CheckpointPlan plan,
      Storage storage,
      String board) {
    ProgressLine line = ProgressLine.onStandardError();
    Progress progress = new Progress(line, config, trainer.samples(), trainer.watched(), plan);
    int iterations = config.iterations(trainer.samples());
    long done = plan.from().map(s -> (long) s.epoch() * iterations + s.minibatch()).orElse(0L);
    try (TensorBoard scalars =
        TensorBoard.open(
            storage,
            board,
            iterations,
            done,
            trainer.watched(),
            warning -> line.print("gradcast: " + warning))) {
      TrainingListener listener = TrainingListener.of(progress, scalars);
      return trainer.train(exchange, listener, plan);
    }
  }

  private static String newRun() {
    String time = LocalDateTime.now(ZoneId.systemDefault()).format(RUN_NAME);
    return Local.uri(Path.of("runs", time));
  }
}
