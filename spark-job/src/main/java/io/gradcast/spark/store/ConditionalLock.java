package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.model.Fields;
import io.gradcast.engine.model.Json;
import io.gradcast.spark.store.ConditionalFile.Seen;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A lock in an object store. It is one file, {@code lock/owner.json}, which is replaced on the
 * condition that it is still what its next owner, or its owner at each heartbeat, saw last. The
 * pointer to a champion is replaced on the same condition: who takes a dead owner's lock over
 * writes the pointer anew, with the number of the new lock, so an owner that was only paused knows
 * no condition any more that is met.
 */
final class ConditionalLock extends StoreLock {

  private static final String HELD = "held";
  private static final String FREE = "free";

  private static final int ATTEMPTS = 10;

  private final StoreFolder store;
  private final LockOwner owner;
  private final ConditionalFile file;
  private final ConditionalFile pointer;

  private long number;
  private String name = "";
  private long beats;
  private volatile Seen seen;
  private Seen pointerSeen;

  ConditionalLock(StoreFolder store, LockOwner owner, Duration timeout) {
    super(store.root(), timeout);
    this.store = store;
    this.owner = owner;
    file = new ConditionalFile(store.system(), store.path("lock/owner.json"));
    pointer = new ConditionalFile(store.system(), store.path(Champion.FILE));
  }

  /**
   * What is in the file.
   *
   * @param name of who holds it or held it last; empty where nobody ever did
   * @param owner null where nobody ever did
   */
  private record State(long number, String name, boolean held, LockOwner owner) {

    static State of(Seen seen, String where) {
      if (seen.isNothing()) {
        return new State(0, "", false, null);
      }
      Fields fields = Fields.parse(Kind.OUTPUT, seen.content(), where);
      return new State(
          fields.integer("number", 1, Long.MAX_VALUE),
          fields.text("name"),
          fields.text("state").equals(HELD),
          LockOwner.of(fields));
    }

    boolean isOf(String other) {
      return held && name.equals(other);
    }
  }

  private State state(Seen seen) {
    return State.of(seen, "lock " + store.path("lock/owner.json"));
  }

  private String text(String state) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("number", number);
    fields.put("name", name);
    fields.put("state", state);
    fields.put("heartbeat", beats);
    fields.putAll(owner.fields());
    return Json.write(fields) + "\n";
  }

  @Override
  LockHolder holder() throws IOException {
    seen = file.look();
    State found = state(seen);
    return found.held() ? new Holder(found) : null;
  }

  /** Another owner, as it was found. */
  private final class Holder implements LockHolder {

    private final State found;

    Holder(State found) {
      this.found = found;
    }

    @Override
    public LockOwner owner() {
      return found.owner();
    }

    @Override
    public String pulse() throws IOException {
      Seen now = file.look();
      return state(now).isOf(found.name()) ? now.tag() : GONE;
    }
  }

  @Override
  boolean claim(LockHolder dead) throws IOException {
    number = state(seen).number() + 1;
    name = LockOwner.name(number);
    String mine = text(HELD);
    seen = file.replace(seen, mine);
    if (!seen.is(mine)) {
      return false;
    }
    if (!file.isRefusedIfThere(mine)) {
      throw new IOException("the store takes no notice of the conditions of a write");
    }
    pointerSeen = pointer.look();
    if (dead != null) {
      seal();
    }
    return true;
  }

  /** Makes the pointer another file with the same meaning, for the owner before. */
  private void seal() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String version =
          pointerSeen.isNothing()
              ? Champion.NONE
              : Champion.of(pointerSeen.content(), "champion of " + store.root()).version();
      String sealed = new Champion(version, number).text();
      pointerSeen = pointer.replace(pointerSeen, sealed);
      if (pointerSeen.is(sealed)) {
        return;
      }
    }
    throw new IOException("the champion of %s changes all the time".formatted(store.root()));
  }

  @Override
  void begin() {}

  @Override
  void beat() throws IOException {
    beats++;
    Seen now = file.replace(seen, text(HELD));
    // An earlier heartbeat, perhaps, of which the answer never came.
    if (!state(now).isOf(name)) {
      throw new FileNotFoundException("the lock is another's");
    }
    seen = now;
  }

  @Override
  void replace(String content) throws IOException {
    Seen now = pointer.replace(pointerSeen, content);
    if (!now.is(content)) {
      throw new FileNotFoundException("the champion is another owner's");
    }
    pointerSeen = now;
  }

  @Override
  void release() throws IOException {
    Seen now = name.isEmpty() ? Seen.NOTHING : file.look();
    if (state(now).isOf(name)) {
      file.replace(now, text(FREE));
    }
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public String name() {
    return name;
  }
}
