package io.gradcast.spark.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A disk that passes for HDFS, and fails at one call: the n-th of all that are made of it, by
 * whatever thread but that of the heartbeat. It renames in one step, as HDFS does.
 */
public final class FaultAt extends RawLocalFileSystem {

  /** What a call does instead. */
  public enum Fault {
    ERROR,
    /** Takes its time, and works. */
    DELAY,
    /** Writes half of what it is given and fails; what writes nothing fails after its work. */
    HALF
  }

  private static final AtomicInteger CALLS = new AtomicInteger();
  private static volatile int at;
  private static volatile Fault fault = Fault.ERROR;

  /** How Hadoop's configuration names it, by its keys. */
  public static String[][] configuration() {
    return new String[][] {
      {"fs.hdfs.impl", FaultAt.class.getName()},
      {"fs.AbstractFileSystem.hdfs.impl", Context.class.getName()}
    };
  }

  /** A local path on it. */
  public static String uri(java.nio.file.Path local) {
    return "hdfs://faults" + local;
  }

  /** From here on the n-th call fails, from 1; none does for 0. */
  public static void failAt(int call, Fault kind) {
    CALLS.set(0);
    fault = kind;
    at = call;
  }

  /** Calls since then. */
  public static int calls() {
    return CALLS.get();
  }

  /** Work of the disk. */
  private interface Work<T> {
    T run() throws IOException;
  }

  private static boolean isNow() {
    return !Thread.currentThread().getName().contains("heartbeat") && CALLS.incrementAndGet() == at;
  }

  private static <T> T run(String what, Work<T> work) throws IOException {
    if (!isNow()) {
      return work.run();
    }
    return switch (fault) {
      case DELAY -> {
        pause();
        yield work.run();
      }
      case HALF -> {
        work.run();
        throw new IOException("injected after " + what);
      }
      case ERROR -> throw new IOException("injected before " + what);
    };
  }

  private static void pause() {
    try {
      Thread.sleep(30);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public URI getUri() {
    return URI.create("hdfs://faults");
  }

  @Override
  public String getScheme() {
    return "hdfs";
  }

  @Override
  public java.io.File pathToFile(Path path) {
    return new java.io.File(path.toUri().getPath());
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    return run("open " + path, () -> super.open(path, bufferSize));
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
    return out(
        path, () -> super.create(path, overwrite, bufferSize, replication, blockSize, progress));
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
    return create(path, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream createNonRecursive(
      Path path,
      FsPermission permission,
      EnumSet<CreateFlag> flags,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return out(
        path,
        () ->
            super.createNonRecursive(
                path, permission, flags, bufferSize, replication, blockSize, progress));
  }

  private static FSDataOutputStream out(Path path, Work<FSDataOutputStream> work)
      throws IOException {
    boolean now = isNow();
    if (now && fault == Fault.ERROR) {
      throw new IOException("injected before create " + path);
    }
    if (now && fault == Fault.DELAY) {
      pause();
    }
    FSDataOutputStream out = work.run();
    return now && fault == Fault.HALF ? new FSDataOutputStream(new Half(out), null) : out;
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return run("rename to " + to, () -> super.rename(from, to));
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return run("delete " + path, () -> super.delete(path, recursive));
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    return run("list " + path, () -> super.listStatus(path));
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    return run("mkdirs " + path, () -> super.mkdirs(path));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return run("status of " + path, () -> super.getFileStatus(path));
  }

  /** Half of the first bytes it gets, and then an error. */
  private static final class Half extends FilterOutputStream {

    Half(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException("injected in write");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length / 2);
      throw new IOException("injected in write");
    }
  }

  /** The same disk for Hadoop's other interface. */
  public static final class Context extends DelegateToFileSystem {

    /** Called by Hadoop. */
    public Context(URI uri, Configuration configuration) throws IOException, URISyntaxException {
      super(uri, new FaultAt(), configuration, "hdfs", false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }

    @Override
    public void renameInternal(Path from, Path to) throws IOException {
      move(from, to, false);
    }

    @Override
    public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
      move(from, to, overwrite);
    }

    private static void move(Path from, Path to, boolean overwrite) throws IOException {
      run(
          "rename to " + to,
          () -> {
            java.nio.file.Path source = java.nio.file.Path.of(from.toUri().getPath());
            java.nio.file.Path target = java.nio.file.Path.of(to.toUri().getPath());
            if (!Files.exists(source)) {
              throw new java.io.FileNotFoundException(source.toString());
            }
            if (!overwrite && Files.exists(target)) {
              throw new FileAlreadyExistsException(target.toString());
            }
            return Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
          });
    }
  }
}
