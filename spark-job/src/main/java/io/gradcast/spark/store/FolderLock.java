package io.gradcast.spark.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A lock where renaming is one step. It is the folder {@code lock/held}, which exists or not in one
 * step, and in it a folder that only this owner has the name of. There the owner keeps a heartbeat,
 * and from there its pointer to a champion is renamed into its place: who takes a dead owner's lock
 * over moves that folder away first, so an owner that was only paused finds nothing to rename.
 */
final class FolderLock extends StoreLock {

  private static final String OWNER = "owner.json";
  private static final String HEARTBEAT = "heartbeat";
  private static final String POINTER = "pointer";
  private static final String ENDED = "ended-";

  private static final int LARGEST_OWNER = 1 << 16;

  private final FileSystem system;
  private final RenamingStep step;
  private final Path folder;
  private final Path held;
  private final Path pointer;
  private final LockOwner owner;

  private long number;
  private Path own;
  private long beats;

  FolderLock(StoreFolder store, RenamingStep step, LockOwner owner, Duration timeout) {
    super(store.root(), timeout);
    system = store.system();
    this.step = step;
    folder = store.path("lock");
    held = new Path(folder, "held");
    pointer = store.path(Champion.FILE);
    this.owner = owner;
  }

  /**
   * Another owner.
   *
   * @param folder of that owner alone, in the lock
   */
  private record Holder(FileSystem system, Path folder) implements LockHolder {

    @Override
    public LockOwner owner() throws IOException {
      Path file = new Path(folder, OWNER);
      try (FSDataInputStream in = system.open(file)) {
        return LockOwner.fromBytes(in.readNBytes(LARGEST_OWNER), "lock " + file);
      } catch (FileNotFoundException e) {
        return null;
      }
    }

    @Override
    public String pulse() throws IOException {
      try {
        FileStatus status = system.getFileStatus(new Path(folder, HEARTBEAT));
        return status.getModificationTime() + " " + status.getLen();
      } catch (FileNotFoundException e) {
        return system.exists(folder) ? "none yet" : GONE;
      }
    }
  }

  @Override
  LockHolder holder() throws IOException {
    try {
      FileStatus[] inside = system.listStatus(held);
      return inside.length == 0 ? null : new Holder(system, inside[0].getPath());
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  @Override
  boolean claim(LockHolder dead) throws IOException {
    step.makeFolder(folder);
    if (dead instanceof Holder other) {
      takeAway(other.folder());
    }
    step.deleteIfEmpty(held);
    number = lastNumber() + 1;
    String name = LockOwner.name(number);
    Path made = new Path(folder, ".new-" + name);
    Path inside = new Path(made, name);
    try {
      step.makeFolder(inside);
      step.write(new Path(inside, OWNER), owner.toBytes());
      if (!step.claim(made, held)) {
        system.delete(made, true);
        return false;
      }
    } catch (IOException e) {
      if (system.exists(made)) {
        throw e;
      }
      // Another has the lock, and cleaned up.
      return false;
    }
    own = new Path(held, name);
    if (lastNumber() >= number) {
      // Another had the lock and gave it back since the last one was looked for.
      takeAway(own);
      return false;
    }
    return true;
  }

  /** Ends a lock; where another was faster, that is as good. */
  private void takeAway(Path holder) throws IOException {
    try {
      step.claim(holder, new Path(folder, ENDED + holder.getName()));
    } catch (FileNotFoundException e) {
      return;
    }
  }

  private long lastNumber() throws IOException {
    long last = 0;
    for (FileStatus status : system.listStatus(folder)) {
      String name = status.getPath().getName();
      if (name.startsWith(ENDED)) {
        last = Math.max(last, LockOwner.number(name.substring(ENDED.length())));
      }
    }
    return last;
  }

  /** Takes away locks that ended before the last one, and those that never began. */
  @Override
  void begin() throws IOException {
    String last = ENDED + LockOwner.digits(lastNumber());
    for (FileStatus status : system.listStatus(folder)) {
      String name = status.getPath().getName();
      if (!name.equals(held.getName()) && !name.startsWith(last)) {
        deleteAtOnce(status.getPath());
      }
    }
  }

  /** Out of the way in one step first: what is half deleted could still be given a name. */
  private void deleteAtOnce(Path old) throws IOException {
    Path deleted = new Path(folder, ".deleted-" + UUID.randomUUID());
    try {
      step.claim(old, deleted);
    } catch (FileNotFoundException e) {
      // It has just become the lock of another, or was given up.
      return;
    }
    system.delete(deleted, true);
  }

  @Override
  void beat() throws IOException {
    beats++;
    // Of another length each time: modification times may be coarse.
    step.write(new Path(own, HEARTBEAT), new byte[(int) (beats % 2) + 1]);
  }

  @Override
  void replace(String content) throws IOException {
    Path staged = new Path(own, POINTER);
    step.write(staged, content.getBytes(StandardCharsets.UTF_8));
    step.replace(staged, pointer);
  }

  @Override
  void release() throws IOException {
    if (own != null) {
      takeAway(own);
      step.deleteIfEmpty(held);
    }
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public String name() {
    return own.getName();
  }
}
