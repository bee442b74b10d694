package io.gradcast.spark.retrain;

import io.gradcast.spark.store.Checkpoints;
import io.gradcast.spark.store.StoreFolder;
import io.gradcast.spark.store.StoreLock;
import java.util.Optional;

/**
 * What a run keeps until it is over, in {@code work/<lock>/} of its store: its state, checkpoints,
 * and, once the decision is made, the row that will be its record. The next owner of the lock takes
 * the folder over by giving it its own name, so that the one before, if it was only paused, writes
 * where nobody looks.
 */
final class RunFolder {

  private static final String WORK = "work";
  private static final String STATE = "state.json";
  private static final String RECORD = "record.parquet";

  private final StoreFolder store;
  private final String name;

  private RunFolder(StoreFolder store, String name) {
    this.store = store;
    this.name = name;
  }

  /** Takes over what the last run left, if it left something. */
  static RunFolder takeOver(StoreFolder store, StoreLock lock) {
    RunFolder folder = new RunFolder(store, WORK + "/" + lock.name());
    store.takeOver(WORK, lock.name(), STATE);
    return folder;
  }

  Optional<RunState> state() {
    return store
        .read(file(STATE))
        .map(bytes -> RunState.fromBytes(bytes, "state of a run, " + store.path(file(STATE))));
  }

  void write(RunState state) {
    store.write(file(STATE), state.toBytes());
  }

  /** The record of a run that had decided, and had only to act on it. */
  Optional<RunRecord> record() {
    return store
        .read(file(RECORD))
        .map(bytes -> RunTable.read(bytes, store.path(file(RECORD)).toString()));
  }

  void write(RunRecord record) {
    store.write(file(RECORD), RunTable.bytes(record));
  }

  /** The checkpoints of one attempt at training, from 0. */
  Checkpoints checkpoints(int attempt) {
    return store.checkpoints(file("attempt-" + attempt));
  }

  /** Forgets everything. */
  void delete() {
    store.delete(name);
  }

  private String file(String inside) {
    return name + "/" + inside;
  }
}
