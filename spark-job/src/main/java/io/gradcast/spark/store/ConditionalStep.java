package io.gradcast.spark.store;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * In object stores: each file appears whole, and {@link ConditionalFile} replaces one that nobody
 * else has replaced. Folders are no more than names that begin alike, so theirs are copied file by
 * file.
 */
final class ConditionalStep implements AtomicStep {

  private final FileSystem system;

  ConditionalStep(FileSystem system) {
    this.system = system;
  }

  /** Whether files there are written whole and on condition. */
  static boolean isOfferedBy(FileSystem system, Path path) throws IOException {
    return system.hasPathCapability(
            path, CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE)
        && system.hasPathCapability(
            path, CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG);
  }

  @Override
  public StoreLock newLock(StoreFolder store, LockOwner owner, Duration timeout) {
    return new ConditionalLock(store, owner, timeout);
  }

  @Override
  public boolean claim(Path from, Path to, String marker) throws IOException {
    Path last = new Path(from, marker);
    Path already = new Path(to, marker);
    if (system.exists(already) && !Arrays.equals(read(already), read(last))) {
      return false;
    }
    URI base = system.makeQualified(from).toUri();
    for (Path file : files(from)) {
      if (!file.equals(system.makeQualified(last))) {
        copy(file, new Path(to, base.relativize(file.toUri()).getPath()));
      }
    }
    copy(last, already);
    remove(from, marker);
    return true;
  }

  @Override
  public boolean showsHalf() {
    return true;
  }

  private List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> found = system.listFiles(folder, true);
    while (found.hasNext()) {
      files.add(found.next().getPath());
    }
    return files;
  }

  private byte[] read(Path file) throws IOException {
    try (var in = system.open(file)) {
      return in.readAllBytes();
    }
  }

  private void copy(Path from, Path to) throws IOException {
    if (!FileUtil.copy(system, from, system, to, false, true, system.getConf())) {
      throw new IOException("%s could not be copied to %s".formatted(from, to));
    }
  }

  @Override
  public void remove(Path folder, String marker) throws IOException {
    system.delete(new Path(folder, marker), false);
    system.delete(folder, true);
  }

  /** There is nothing to make. */
  @Override
  public void makeFolder(Path folder) {}

  @Override
  public void writeWhole(Path file, byte[] content) throws IOException {
    Storage.write(system.create(file, true), out -> out.write(content));
  }
}
