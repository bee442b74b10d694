package io.gradcast.spark.source;

import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** The image files in a folder, at any depth: executors list the folders of each level. */
final class FolderListing {

  /** A path that is longer has a loop in it. */
  private static final int DEEPEST = 64;

  private static final String FOLDER = Path.SEPARATOR;

  private FolderListing() {}

  /** The paths of all images, in no order. */
  static List<String> images(JavaSparkContext context, Storage storage, String uri)
      throws IOException {
    List<String> images = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    for (FileStatus root : storage.glob(new Path(uri))) {
      add(root.getPath().toString(), root.isDirectory(), images, folders);
    }
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    for (int depth = 0; !folders.isEmpty(); depth++) {
      if (depth == DEEPEST) {
        throw new IOException("more than %d folders in each other".formatted(DEEPEST));
      }
      List<String> found =
          folders.size() == 1
              ? list(storage, folders.get(0))
              : context
                  .parallelize(folders, Math.min(folders.size(), 4 * context.defaultParallelism()))
                  .flatMap(
                      folder -> list(new Storage(configuration.value().value()), folder).iterator())
                  .collect();
      folders = new ArrayList<>();
      for (String path : found) {
        (path.endsWith(FOLDER) ? folders : images).add(path);
      }
    }
    configuration.destroy();
    return images;
  }

  private static List<String> list(Storage storage, String folder) throws IOException {
    List<String> found = new ArrayList<>();
    for (Storage.Entry entry : storage.entries(new Path(folder))) {
      if (!isHidden(entry.name())) {
        add(folder + entry.name(), entry.isFolder(), found, found);
      }
    }
    return found;
  }

  private static void add(
      String path, boolean isFolder, List<String> images, List<String> folders) {
    if (isFolder) {
      folders.add(path + FOLDER);
    } else if (isImage(path)) {
      images.add(path);
    }
  }

  static boolean isHidden(String name) {
    return name.startsWith("_") || name.startsWith(".");
  }

  private static boolean isImage(String path) {
    String name = path.substring(Math.max(0, path.length() - 5)).toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }
}
