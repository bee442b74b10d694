package io.gradcast.spark.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local files under another scheme, with the faults that a test asks for. Hadoop makes and
 * keeps instances as it likes, so the faults are those of all of them.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {

  /** How Hadoop's configuration names this class. */
  public static final String KEY = "fs.faulty.impl";

  private static final AtomicLong SPACE = new AtomicLong(Long.MAX_VALUE);
  private static final AtomicReference<Predicate<Path>> RENAME_FAILS = new AtomicReference<>();
  private static final AtomicReference<Predicate<Path>> DELETE_FAILS = new AtomicReference<>();

  private static final AtomicBoolean COPIES = new AtomicBoolean();

  /** Its renames are those of a disk, unless a test has it be an object store. */
  @Override
  public String getScheme() {
    return COPIES.get() ? "faulty" : "hdfs";
  }

  /** A configuration that knows the scheme. */
  public static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set(KEY, FaultyFileSystem.class.getName());
    return configuration;
  }

  /** A local path under the scheme. */
  public static String uri(java.nio.file.Path local) {
    return "faulty:" + local;
  }

  /** No faults from here on. */
  public static void heal() {
    SPACE.set(Long.MAX_VALUE);
    COPIES.set(false);
    RENAME_FAILS.set(path -> false);
    DELETE_FAILS.set(path -> false);
  }

  /** Renaming a folder is to be many steps. */
  static void copyFolders() {
    COPIES.set(true);
  }

  /** Only so many bytes can still be written, to all files together. */
  public static void leaveSpace(long bytes) {
    SPACE.set(bytes);
  }

  /** Refuses to give these names to anything. */
  public static void failRenamesTo(Predicate<Path> names) {
    RENAME_FAILS.set(names);
  }

  /** Refuses to delete these. */
  public static void failDeletes(Predicate<Path> names) {
    DELETE_FAILS.set(names);
  }

  @Override
  public URI getUri() {
    return URI.create("faulty:///");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return limited(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return limited(
        super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress));
  }

  private static FSDataOutputStream limited(OutputStream out) throws IOException {
    return new FSDataOutputStream(new Limited(out), null);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !RENAME_FAILS.get().test(to) && super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    if (DELETE_FAILS.get().test(path)) {
      throw new IOException("Permission denied");
    }
    return super.delete(path, recursive);
  }

  private static final class Limited extends FilterOutputStream {

    Limited(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (SPACE.addAndGet(-length) < 0) {
        throw new IOException("No space left on device");
      }
      out.write(bytes, offset, length);
    }
  }
}
