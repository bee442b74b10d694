package io.gradcast.spark.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;

/**
 * A small text of an object store that is replaced only while it is what it was when it was last
 * looked at, which the store decides in one step. What is written has to be new each time: a
 * content that comes back is one that was never gone.
 */
final class ConditionalFile {

  private static final int LARGEST = 1 << 20;

  /** A look at a file that others change all the time, or a write to a busy store. */
  private static final int ATTEMPTS = 5;

  private static final long PAUSE_MILLIS = 100;

  private final FileSystem system;
  private final Path path;

  ConditionalFile(FileSystem system, Path path) {
    this.system = system;
    this.path = path;
  }

  /**
   * What was there at one moment.
   *
   * @param tag that the store gave this content; null where there was no file
   */
  record Seen(String content, String tag) {

    static final Seen NOTHING = new Seen("", null);

    boolean isNothing() {
      return tag == null;
    }

    boolean is(String other) {
      return !isNothing() && content.equals(other);
    }
  }

  Seen look() throws IOException {
    for (int attempt = 1; ; attempt++) {
      String before = tag();
      if (before == null) {
        return Seen.NOTHING;
      }
      try (FSDataInputStream in = system.open(path)) {
        String content = new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
        if (before.equals(tag())) {
          return new Seen(content, before);
        }
        if (attempt == ATTEMPTS) {
          throw new IOException("%s changes all the time".formatted(path));
        }
      } catch (IOException e) {
        // S3A has noticed that the file changed while it was read, perhaps.
        if (attempt == ATTEMPTS || before.equals(tag())) {
          throw e;
        }
      }
    }
  }

  private String tag() throws IOException {
    try {
      FileStatus status = system.getFileStatus(path);
      return status.isFile() ? ((EtagSource) status).getEtag() : null;
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  /**
   * Writes the file if it is what was seen.
   *
   * @return what is there now, whoever wrote it: {@link Seen#is} tells
   */
  Seen replace(Seen seen, String content) throws IOException {
    for (int attempt = 1; ; attempt++) {
      IOException failure = null;
      try {
        write(seen, content);
      } catch (IOException e) {
        // It may have been written all the same: the answer may be to a repeated request.
        failure = e;
      }
      Seen now = look();
      boolean unchanged = seen.isNothing() ? now.isNothing() : seen.tag().equals(now.tag());
      if (!unchanged) {
        return now;
      }
      if (attempt == ATTEMPTS) {
        throw failure != null ? failure : new IOException("%s was not written".formatted(path));
      }
      pause();
    }
  }

  /**
   * Whether a write of a file that is there is refused where it was asked for only if it is not.
   */
  boolean isRefusedIfThere(String content) throws IOException {
    try {
      write(Seen.NOTHING, content);
      return false;
    } catch (IOException e) {
      return look().is(content);
    }
  }

  private void write(Seen seen, String content) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = system.createFile(path).overwrite(true);
    if (seen.isNothing()) {
      builder.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    } else {
      builder.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG, seen.tag());
    }
    Storage.write(builder.build(), out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
  }

  private void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing " + path, e);
    }
  }
}
