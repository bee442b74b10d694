package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.spark.store.ModelStore;
import io.gradcast.spark.store.Storage;
import io.gradcast.spark.store.StoreLock;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * One run, from the lock to the record: whatever ends it, the next start of it goes on where it was
 * and comes to the same bytes. Each step is done or not done, and doing it twice does no harm.
 */
public final class Retraining {

  private final Plan plan;
  private final Desk desk;
  private final Storage storage;
  private final ModelStore store;
  private final RunTable table;

  /** A run that has not begun; the storage is that of the store. */
  public Retraining(Plan plan, Storage storage, Desk desk) {
    this.plan = plan;
    this.storage = storage;
    this.desk = desk;
    store = ModelStore.open(storage, plan.store());
    table = new RunTable(store.files());
  }

  /**
   * What came of a run.
   *
   * @param again whether it was finished before, and nothing was done
   * @param failure what ended it, where that was an exception; null else
   */
  public record Result(RunRecord record, boolean again, RuntimeException failure) {}

  /**
   * Runs it.
   *
   * @throws GradcastException of kind LOCKED, where somebody else is at work, or took the lock over
   */
  public Result run() {
    try (StoreLock lock = store.files().lock("retrain for " + plan.date(), plan.lockTimeout())) {
      store.deleteUnfinished();
      store.files().deleteHidden(RunTable.FOLDER);
      RunFolder folder = RunFolder.takeOver(store.files(), lock);
      Optional<RunRecord> decided = finishEarlier(folder, lock);
      List<RunRecord> runs = runs();
      String identity =
          DataListing.identity(storage, plan.training().places(), plan.training().settings());
      if (decided.filter(it -> isOfDate(it) && isFinished(it, identity)).isPresent()) {
        return new Result(decided.get(), false, null);
      }
      Optional<RunState> unfinished =
          folder
              .state()
              .filter(it -> it.identity().equals(identity) && isOfDate(it))
              // What a run that was killed while it cleaned up has left.
              .filter(it -> runs.stream().noneMatch(run -> isEndOf(run, it)));
      Optional<RunRecord> done =
          runs.stream().filter(it -> isOfDate(it) && isFinished(it, identity)).findFirst();
      if (unfinished.isEmpty() && done.isPresent() && !plan.force()) {
        folder.delete();
        return new Result(done.get(), true, null);
      }
      return run(lock, folder, begin(folder, unfinished, identity, runs), runs);
    }
  }

  private List<RunRecord> runs() {
    return table.all(damaged -> desk.say("gradcast: " + damaged.getMessage() + "; left out"));
  }

  private boolean isOfDate(RunState state) {
    return state.runId().startsWith(plan.date().toString());
  }

  private boolean isOfDate(RunRecord run) {
    return run.runDate().equals(plan.date().toString());
  }

  private static boolean isEndOf(RunRecord run, RunState state) {
    return run.runId().equals(state.runId()) && run.outcome().isFinished();
  }

  private static boolean isFinished(RunRecord run, String identity) {
    return run.outcome().isFinished() && run.data().listing().equals(identity);
  }

  /** Acts on a decision that was made before its run was killed, whichever run that was. */
  private Optional<RunRecord> finishEarlier(RunFolder folder, StoreLock lock) {
    Optional<RunRecord> decided = folder.record();
    decided.ifPresent(
        record -> {
          desk.say(
              "run %s had come to its decision, %s: acting on it"
                  .formatted(record.runId(), record.outcome().text()));
          act(record, folder, lock);
        });
    return decided;
  }

  private RunState begin(
      RunFolder folder, Optional<RunState> unfinished, String identity, List<RunRecord> runs) {
    RunState state;
    if (unfinished.isPresent()) {
      state = unfinished.get().startedAgain();
      desk.say("going on with run %s, start %d".formatted(state.runId(), state.starts()));
    } else {
      folder
          .state()
          .ifPresent(
              it ->
                  desk.say(
                      "run %s was not finished, and is of other data or settings: given up"
                          .formatted(it.runId())));
      folder.delete();
      state =
          new RunState(
              RunRecord.newId(plan.date(), runs),
              identity,
              store.champion().orElse(""),
              System.currentTimeMillis(),
              1);
    }
    folder.write(state);
    return state;
  }

  private Result run(StoreLock lock, RunFolder folder, RunState state, List<RunRecord> runs) {
    Optional<RunRecord> last =
        runs.stream()
            .filter(it -> it.outcome().isFinished() && !it.runId().equals(state.runId()))
            // Of a day that is made up for, those before it.
            .filter(it -> it.runDate().compareTo(plan.date().toString()) <= 0)
            .reduce((one, other) -> other);
    RunNotes notes = new RunNotes(plan.date(), state, last, desk, lock.number());
    RunRecord record;
    try {
      Decision decision =
          new Challenge(plan, desk, storage, store, lock, folder, state, notes).run();
      Outcome outcome = decision.outcome();
      int code = outcome == Outcome.KEPT ? plan.keptCode() : outcome.exitCode();
      record = notes.record(outcome, code, decision.reason(), store.champion().orElse(""));
      lock.requireHeld();
      folder.write(record);
      act(record, folder, lock);
    } catch (RuntimeException e) {
      return failed(e, notes, lock);
    }
    return new Result(record, false, null);
  }

  /** Does what was decided: all of it again where it was begun before. */
  private void act(RunRecord record, RunFolder folder, StoreLock lock) {
    if (record.outcome() == Outcome.PROMOTED
        && !store.champion().equals(Optional.of(record.training().version()))) {
      store.promote(lock, record.training().version());
    }
    lock.requireHeld();
    table.write(record);
    History.publish(store.files(), runs());
    store.retain(plan.keep());
    folder.delete();
  }

  /** Records a failure, if that can be; its folder stays, for the next start to go on. */
  private Result failed(RuntimeException e, RunNotes notes, StoreLock lock) {
    Optional<GradcastException> ours = GradcastException.in(e);
    boolean lockIsLost = ours.filter(it -> it.kind() == Kind.LOCKED).isPresent();
    if (lockIsLost || ShutdownHookManager.get().isShutdownInProgress()) {
      throw e;
    }
    Outcome outcome = ours.map(it -> Outcome.of(it.kind())).orElse(Outcome.FAILED);
    int code = desk.exitCode(e);
    String reason = ours.map(Throwable::getMessage).orElseGet(e::toString);
    String sentence = reason.lines().findFirst().orElse("");
    RunRecord record = notes.record(outcome, code, sentence, "");
    try {
      record = notes.record(outcome, code, sentence, store.champion().orElse(""));
      lock.requireHeld();
      table.write(record);
      History.publish(store.files(), runs());
    } catch (GradcastException again) {
      desk.say("gradcast: the run was not recorded: " + again.getMessage());
    }
    return new Result(record, false, e);
  }
}
