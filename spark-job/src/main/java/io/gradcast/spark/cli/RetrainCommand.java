package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.train.CheckpointPlan;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.retrain.Desk;
import io.gradcast.spark.retrain.Plan;
import io.gradcast.spark.retrain.Retraining;
import io.gradcast.spark.retrain.RunSummary;
import io.gradcast.spark.store.Storage;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains a model again and puts it in the place of the last one, if it is good enough. */
@Command(
    name = "retrain",
    description = {
      "Trains the next version of a model, compares it with the champion, and publishes it if the"
          + " gate lets it through.",
      "Started again after whatever ended it, it goes on; started again when it is finished, it does"
          + " nothing. The last line on standard output is a summary in JSON."
    })
final class RetrainCommand implements Callable<Integer> {

  @Mixin private MasterOption master;

  private CommandSpec spec;

  /** Called by picocli while it makes the command. */
  @Spec
  void setSpec(CommandSpec newSpec) {
    spec = newSpec;
    Settings.addOptions(newSpec, RetrainSetting.all());
  }

  @Override
  public Integer call() {
    Settings settings = Settings.of(spec.commandLine().getParseResult(), RetrainSetting.all());
    Plan plan = RetrainPlan.of(settings);
    try (Office office = new Office(master.value())) {
      Retraining.Result result = new Retraining(plan, office.storage(), office).run();
      Map<String, Object> summary = RunSummary.of(result.record(), plan.store());
      if (result.again()) {
        office.say(
            "run %s is finished, for the same data: %s; nothing to do, --force does it again"
                .formatted(result.record().runId(), result.record().outcome().text()));
      } else {
        tell(plan, result, summary, office);
      }
      if (result.failure() != null) {
        System.out.println(Json.write(summary));
        throw result.failure();
      }
      office.say(
          "run %s: %s (%s)"
              .formatted(
                  result.record().runId(),
                  result.record().outcome().text(),
                  result.record().reason()));
      System.out.println(Json.write(summary));
      return result.record().exitCode();
    } catch (GradcastException e) {
      if (e.kind() == GradcastException.Kind.LOCKED) {
        System.out.println(Json.write(RunSummary.locked(plan.date().toString(), e, plan.store())));
      }
      throw e;
    }
  }

  private static void tell(
      Plan plan, Retraining.Result result, Map<String, Object> summary, Office office) {
    boolean good = result.record().outcome().isSuccess();
    String problem =
        (good ? plan.onSuccess() : plan.onFailure())
            .run(RunSummary.environment(result.record(), Json.write(summary)));
    if (!problem.isEmpty()) {
      office.say("gradcast: %s: %s".formatted(good ? "on-success" : "on-failure", problem));
    }
  }

  /** Where the run is shown, and gets its session from. */
  private static final class Office implements Desk, AutoCloseable {

    private final String master;
    private Session session;

    Office(String master) {
      this.master = master;
    }

    Storage storage() {
      return new Storage(Session.hadoopConfiguration());
    }

    private Session session() {
      if (session == null) {
        session = Session.start(master);
      }
      return session;
    }

    @Override
    public SparkSession spark() {
      return session().spark();
    }

    @Override
    public void say(String line) {
      System.err.println(line);
    }

    @Override
    public int exitCode(RuntimeException failure) {
      return Gradcast.exitCode(failure);
    }

    @Override
    public <T> T during(String what, Supplier<T> work) {
      return JobProgress.during(session(), what, work);
    }

    @Override
    public TrainingListener progress(
        SparkTrainer trainer, TrainingConfig config, CheckpointPlan plan) {
      return new Progress(
          ProgressLine.onStandardError(), config, trainer.samples(), trainer.watched(), plan);
    }

    @Override
    public void close() {
      if (session != null) {
        session.close();
      }
    }
  }
}
