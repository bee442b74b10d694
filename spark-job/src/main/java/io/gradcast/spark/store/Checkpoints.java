package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.model.Checkpoint;
import io.gradcast.engine.model.CheckpointFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints of one training, in a folder: the newest and the one before it. Each is written
 * under a hidden name and then renamed, and others are deleted after that, so whenever the program
 * is killed a whole one is there. Only one program at a time may write to a folder.
 */
public final class Checkpoints {

  private static final String HIDDEN = ".inprogress-";
  private static final Pattern NAME = Pattern.compile("checkpoint-\\d{14,19}\\.safetensors");
  private static final Predicate<String> IS_CHECKPOINT = NAME.asMatchPredicate();
  private static final Predicate<String> IS_LEFT_OVER =
      name -> name.startsWith(".checkpoint-") && name.contains(HIDDEN);

  private final FileSystem system;
  private final Path folder;

  /** The last one that was read or written, and so is whole; null before. */
  private Path whole;

  Checkpoints(FileSystem system, Path folder) {
    this.system = system;
    this.folder = folder;
  }

  /** Where they are. */
  public Path folder() {
    return folder;
  }

  public boolean isEmpty() {
    return files(IS_CHECKPOINT).isEmpty();
  }

  /** A checkpoint and the file that it is from. */
  public record Found(Path file, Checkpoint checkpoint) {}

  /**
   * The newest one that can be read, or none where the folder has none. Newer ones that cannot be
   * read are named on standard error; it is an error of kind MODEL if none can.
   */
  public Optional<Found> newest() {
    List<GradcastException> faults = new ArrayList<>();
    for (Path file : files(IS_CHECKPOINT)) {
      try {
        Checkpoint checkpoint = read(file);
        faults.forEach(
            fault ->
                System.err.println(
                    "gradcast: " + fault.getMessage() + "; taking the one before it"));
        whole = file;
        return Optional.of(new Found(file, checkpoint));
      } catch (GradcastException e) {
        faults.add(e);
      }
    }
    if (!faults.isEmpty()) {
      throw new GradcastException(
          Kind.MODEL,
          faults.get(0).getMessage() + "; no earlier checkpoint can be read",
          faults.get(0));
    }
    return Optional.empty();
  }

  private Checkpoint read(Path file) {
    String where = "checkpoint " + file;
    try (InputStream in = system.open(file)) {
      return CheckpointFile.read(in, system.getFileStatus(file).getLen(), where);
    } catch (IOException e) {
      throw new GradcastException(
          Kind.MODEL, "%s: expected a readable file, found: %s".formatted(where, e), e);
    }
  }

  /**
   * Makes the folder ready to be written to, and takes away what killed runs left half written.
   *
   * @param goOn whether checkpoints that are there stay
   */
  public void begin(boolean goOn) {
    try {
      if (!system.mkdirs(folder)) {
        throw new IOException("the folder was not made");
      }
    } catch (IOException e) {
      throw notWritable(e);
    }
    delete(files(goOn ? IS_LEFT_OVER : IS_LEFT_OVER.or(IS_CHECKPOINT)));
  }

  /** Adds a checkpoint, newer than all that were read or written. */
  public void write(Checkpoint checkpoint) {
    String name = "checkpoint-%014d.safetensors".formatted(checkpoint.iterations());
    Path file = new Path(folder, name);
    Path hidden = new Path(folder, "." + name + HIDDEN + UUID.randomUUID());
    try {
      Storage.write(system.create(hidden, false), out -> CheckpointFile.write(checkpoint, out));
      if (system.exists(file)) {
        // It was too damaged to go on from; not every file system renames to a name that is taken.
        system.delete(file, false);
      }
      if (!system.rename(hidden, file)) {
        throw new IOException("%s could not be renamed to %s".formatted(hidden, file));
      }
    } catch (IOException e) {
      delete(files(IS_LEFT_OVER));
      throw notWritable(e);
    }
    delete(files(IS_CHECKPOINT.and(other -> !other.equals(name) && !isWhole(other))));
    whole = file;
  }

  private boolean isWhole(String name) {
    return whole != null && whole.getName().equals(name);
  }

  /** Takes all checkpoints away, and the folder, if nothing else is in it. */
  public void deleteAll() {
    delete(files(IS_LEFT_OVER.or(IS_CHECKPOINT)));
    if (files(name -> true).isEmpty()) {
      delete(List.of(folder));
    }
  }

  /** Files by their names, the newest first. */
  private List<Path> files(Predicate<String> wanted) {
    try {
      List<Path> files = new ArrayList<>();
      for (FileStatus status : system.listStatus(folder)) {
        if (wanted.test(status.getPath().getName())) {
          files.add(status.getPath());
        }
      }
      files.sort(Comparator.comparing(Path::getName).reversed());
      return files;
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new GradcastException(
          Kind.OUTPUT,
          "checkpoint %s: expected a folder that can be read, found: %s".formatted(folder, e),
          e);
    }
  }

  /** A checkpoint too many harms nobody, so the training does not end for it. */
  private void delete(List<Path> paths) {
    for (Path path : paths) {
      try {
        system.delete(path, false);
      } catch (IOException e) {
        System.err.println("gradcast: left behind " + path + ": " + e.getMessage());
      }
    }
  }

  private GradcastException notWritable(IOException e) {
    return Storage.notWritable("checkpoint", folder, e);
  }
}
