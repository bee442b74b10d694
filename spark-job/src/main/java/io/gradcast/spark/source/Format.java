package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** What files data can be in. */
public enum Format {
  /** Whichever of the others the first file is of. */
  AUTO,
  /** Pairs of IDX files by MNIST's names. */
  IDX,
  /** What pack has made. */
  PACKED,
  PARQUET,
  ORC,
  CSV,
  /** PNG and JPEG files in folders of their classes' names. */
  FOLDER;

  private static final int DEEPEST = 16;

  /** The format of what is at a URI, which may be a file, a folder or a pattern of such. */
  static Format recognise(Storage storage, String uri) {
    Path path = Storage.path("data", uri);
    try {
      FileStatus[] found = storage.glob(path);
      if (found.length == 0) {
        throw GradcastException.data(
            "data %s: expected files or a folder, found nothing".formatted(path));
      }
      Format format = of(storage, found);
      if (format == null) {
        throw GradcastException.data(
            ("data %s: expected IDX, Parquet, ORC, CSV, PNG or JPEG files, found none; format says"
                    + " what they are")
                .formatted(path));
      }
      return format;
    } catch (IOException e) {
      throw DataFailures.unreadable(uri, e);
    }
  }

  /** Of the first file whose name tells it; null where none does. */
  private static Format of(Storage storage, FileStatus[] found) throws IOException {
    Arrays.sort(
        found,
        Comparator.comparing(FileStatus::isDirectory).thenComparing(Comparator.naturalOrder()));
    for (FileStatus status : found) {
      Path path = status.getPath();
      Format format = status.isFile() ? of(path.getName()) : of(storage, path, 1);
      if (format != null) {
        return format;
      }
    }
    return null;
  }

  /** Of a folder, in which there may be very many. */
  private static Format of(Storage storage, Path folder, int depth) throws IOException {
    List<Storage.Entry> entries = new ArrayList<>(storage.entries(folder));
    entries.sort(Comparator.comparing(Storage.Entry::isFolder).thenComparing(Storage.Entry::name));
    for (Storage.Entry entry : entries) {
      Format format = null;
      if (!entry.isFolder()) {
        format = of(entry.name());
      } else if (depth < DEEPEST && !isHidden(entry.name())) {
        // In full: a colon in a name would be taken for a scheme.
        format = of(storage, new Path(folder + Path.SEPARATOR + entry.name()), depth + 1);
      }
      if (format != null) {
        return format;
      }
    }
    return null;
  }

  private static boolean isHidden(String name) {
    return name.startsWith("_") || name.startsWith(".");
  }

  private static Format of(String name) {
    if (name.equals(PackedManifest.FILE) || name.startsWith(PackedLayout.PREFIX)) {
      return PACKED;
    }
    if (isHidden(name)) {
      return null;
    }
    if (name.contains("-idx")) {
      return IDX;
    }
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("\\.(gz|bz2|zst)$", "");
    return switch (plain.substring(plain.lastIndexOf('.') + 1)) {
      case "parquet" -> PARQUET;
      case "orc" -> ORC;
      case "csv" -> CSV;
      case "png", "jpg", "jpeg" -> FOLDER;
      default -> null;
    };
  }
}
