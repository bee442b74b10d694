package io.gradcast.spark.source;

import io.gradcast.engine.data.Samples;
import io.gradcast.spark.store.Storage;
import java.io.Closeable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.fs.Path;

/** Reads row groups, one after the other, from as many files as they are in. */
final class PackedGroups implements Iterator<Samples>, Closeable {

  private final Storage storage;
  private final PackedSource source;
  private int left;
  private int file;
  private int group;
  private PackedReader reader;

  /** Of those from one to before another, counted over all files. */
  PackedGroups(Storage storage, PackedSource source, int first, int end) {
    this.storage = storage;
    this.source = source;
    left = end - first;
    group = first;
    while (left > 0 && group >= groups()) {
      group -= groups();
      file++;
    }
  }

  private int groups() {
    return source.manifest().files().get(file).rows().length;
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public Samples next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (reader == null) {
      PackedManifest manifest = source.manifest();
      reader =
          new PackedReader(
              storage, new Path(source.folder()), manifest.files().get(file), manifest);
    }
    Samples samples = reader.read(group);
    left--;
    group++;
    if (group == groups()) {
      close();
      file++;
      group = 0;
    }
    return samples;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
