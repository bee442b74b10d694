package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * An output folder in the making: files go to a hidden folder beside it, which takes its name once
 * all are written. Whatever ends the program before that, a former output stays as it was.
 */
public final class Publication implements AutoCloseable {

  /**
   * Higher goes first: after Spark has stopped (40), before Hadoop closes its file systems (10).
   */
  private static final int HOOK_PRIORITY = 20;

  private static final int DELETIONS = 3;

  private static final String IN_PROGRESS = "inprogress";
  private static final String REPLACED = "replaced";

  private final FileSystem system;
  private final Path target;
  private final Path staging;
  private final boolean overwrite;
  private final Runnable cleanUp = this::deleteStaging;
  private boolean committed;

  private Publication(FileSystem system, Path target, boolean overwrite) {
    this.system = system;
    this.target = target;
    this.overwrite = overwrite;
    staging = beside(IN_PROGRESS);
  }

  /** Makes the hidden folder, so that what cannot be written fails before any work is done. */
  static Publication begin(FileSystem system, Path target, boolean overwrite) throws IOException {
    if (target.getParent() == null) {
      throw new GradcastException(
          Kind.OUTPUT, "output %s: expected a folder below the root".formatted(target));
    }
    Publication publication = new Publication(system, target, overwrite);
    publication.requireFree();
    ShutdownHookManager.get().addShutdownHook(publication.cleanUp, HOOK_PRIORITY);
    try {
      if (!system.mkdirs(publication.staging)) {
        throw new IOException("the folder was not made");
      }
      return publication;
    } catch (IOException e) {
      publication.close();
      throw e;
    }
  }

  private void requireFree() throws IOException {
    if (!overwrite && system.exists(target)) {
      throw new GradcastException(
          Kind.OUTPUT,
          "output %s: expected nothing there, found an earlier output; --overwrite replaces it"
              .formatted(target));
    }
  }

  private Path beside(String state) {
    return new Path(target.getParent(), hidden(state) + UUID.randomUUID());
  }

  private String hidden(String state) {
    return "." + target.getName() + "." + state + "-";
  }

  /** What writes the contents of one file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes one file. */
  public void write(String name, Content content) {
    try {
      Storage.write(system.create(new Path(staging, name), false), content);
    } catch (IOException e) {
      throw Storage.notWritable("output", target, e);
    }
  }

  /** Has somebody else, such as Spark, write files into the folder. */
  public void fill(Consumer<Path> writer) {
    try {
      writer.accept(staging);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // Spark throws checked ones without saying so
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof GradcastException known) {
          throw known;
        }
        if (cause instanceof IOException reason) {
          throw Storage.notWritable("output", target, reason);
        }
      }
      throw e;
    }
  }

  /** Takes away all but some files of a subfolder, and that too if none are left. */
  public void retain(String subfolder, Set<String> names) {
    Path folder = new Path(staging, subfolder);
    try {
      if (names.isEmpty()) {
        system.delete(folder, true);
        return;
      }
      for (FileStatus file : system.listStatus(folder)) {
        if (!names.contains(file.getPath().getName())) {
          system.delete(file.getPath(), false);
        }
      }
    } catch (IOException e) {
      throw Storage.notWritable("output", target, e);
    }
  }

  /** Gives the folder its name; a former one is set aside first and deleted afterwards. */
  public Path commit() {
    try {
      requireFree();
      Path former = null;
      if (system.exists(target)) {
        former = beside(REPLACED);
        move(target, former);
      }
      try {
        move(staging, target);
      } catch (IOException e) {
        if (former != null) {
          move(former, target);
        }
        throw e;
      }
      committed = true;
      if (former != null) {
        system.delete(former, true);
      }
      return target;
    } catch (IOException e) {
      throw Storage.notWritable("output", target, e);
    }
  }

  /**
   * Takes away what killed runs left half made for the same output. Only for who knows that none of
   * them is still at work.
   */
  public void deleteAbandoned() {
    try {
      for (FileStatus status : system.listStatus(target.getParent())) {
        String name = status.getPath().getName();
        boolean abandoned =
            name.startsWith(hidden(IN_PROGRESS)) || name.startsWith(hidden(REPLACED));
        if (abandoned && !status.getPath().equals(staging)) {
          system.delete(status.getPath(), true);
        }
      }
    } catch (IOException e) {
      System.err.println("gradcast: left behind what is half made beside " + target + ": " + e);
    }
  }

  /**
   * Gives a folder another name. Object stores copy file by file, so there the files that readers
   * go by, the model or what Spark and we put beside data, go first and come last.
   */
  private void move(Path from, Path to) throws IOException {
    if (RenamingStep.isOfferedBy(system)) {
      rename(from, to);
      return;
    }
    Path aside = beside(IN_PROGRESS);
    system.mkdirs(aside);
    try {
      for (FileStatus status : system.listStatus(from)) {
        String name = status.getPath().getName();
        if (status.isFile() && (name.startsWith("_") || name.equals(Models.FILE))) {
          rename(status.getPath(), new Path(aside, name));
        }
      }
      rename(from, to);
    } catch (IOException e) {
      putBack(aside, from);
      throw e;
    }
    putBack(aside, to);
  }

  private void putBack(Path aside, Path folder) throws IOException {
    for (FileStatus status : system.listStatus(aside)) {
      rename(status.getPath(), new Path(folder, status.getPath().getName()));
    }
    system.delete(aside, true);
  }

  private void rename(Path from, Path to) throws IOException {
    if (!system.rename(from, to)) {
      throw new IOException("%s could not be renamed to %s".formatted(from, to));
    }
  }

  private void deleteStaging() {
    try {
      // Again where a task that has not ended made a file in it meanwhile.
      for (int i = 0; !committed && i < DELETIONS && system.exists(staging); i++) {
        system.delete(staging, true);
      }
    } catch (IOException e) {
      System.err.println("gradcast: left behind " + staging + ": " + e.getMessage());
    }
  }

  /** Takes away what was not committed. */
  @Override
  public void close() {
    deleteStaging();
    ShutdownHookManager.get().removeShutdownHook(cleanUp);
  }
}
