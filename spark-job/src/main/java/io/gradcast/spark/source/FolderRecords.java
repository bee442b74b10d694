package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * A folder of PNG and JPEG files, at any depth, each of the class that its own folder has the name
 * of. A record's key is its path.
 */
public final class FolderRecords implements Records {

  /** Files that are worth a task, so that one is over soon enough to be seen as progress. */
  private static final int FILES_OF_A_TASK = 1000;

  private final String name;
  private final List<String> paths;
  private final Set<String> declaredClasses;

  private FolderRecords(String name, List<String> paths, Set<String> declaredClasses) {
    this.name = name;
    this.paths = paths;
    this.declaredClasses = declaredClasses;
  }

  /** Lists the files. */
  static FolderRecords open(JavaSparkContext context, Storage storage, String uri) {
    return DataFailures.reading(
        uri,
        () -> {
          String[] paths = list(context, storage, uri);
          if (paths.length == 0) {
            throw GradcastException.data(
                "data %s: expected images, .png, .jpg or .jpeg, found none".formatted(uri));
          }
          Arrays.sort(paths);
          return new FolderRecords(uri, List.of(paths), folders(storage, uri, paths));
        });
  }

  private static String[] list(JavaSparkContext context, Storage storage, String uri) {
    try {
      return FolderListing.images(context, storage, uri).toArray(new String[0]);
    } catch (IOException e) {
      throw DataFailures.unreadable(uri, e);
    }
  }

  /** The names of the folders of classes, if all images are in such: some may have none. */
  private static Set<String> folders(Storage storage, String uri, String[] paths) {
    try {
      String root = storage.qualified(new Path(uri)).toString();
      Set<String> names = new TreeSet<>();
      if (Arrays.stream(paths).allMatch(p -> root.equals(folder(folder(p))))) {
        for (FileStatus status : storage.list(new Path(root))) {
          String name = status.getPath().getName();
          if (status.isDirectory() && !FolderListing.isHidden(name)) {
            names.add(value(name));
          }
        }
      }
      return names;
    } catch (IOException e) {
      throw DataFailures.unreadable(uri, e);
    }
  }

  private static String folder(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf(Path.SEPARATOR_CHAR)));
  }

  /** The class of an image by its path. */
  static String label(String path) {
    String folder = folder(path);
    return value(folder.substring(folder.lastIndexOf(Path.SEPARATOR_CHAR) + 1));
  }

  /** Of the folder of a partition, named key=value, the value. */
  private static String value(String folder) {
    return folder.substring(folder.indexOf('=') + 1);
  }

  /** Of all images, in the order of their ids. */
  List<String> paths() {
    return paths;
  }

  @Override
  public Set<String> declaredClasses() {
    return declaredClasses;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe(RecordKey key) {
    return key.text();
  }

  @Override
  public boolean severalLabels() {
    return false;
  }

  @Override
  public boolean hasIds() {
    return false;
  }

  @Override
  public KeyRanges ranges(JavaSparkContext context, int parts) {
    List<RecordKey> bounds = new ArrayList<>();
    int wanted = Math.min(parts, paths.size());
    for (int i = 1; i < wanted; i++) {
      bounds.add(key(paths.get((int) ((long) paths.size() * i / wanted) - 1)));
    }
    return new KeyRanges(bounds);
  }

  private static RecordKey key(String path) {
    return new RecordKey(path, 0, 0);
  }

  @Override
  public JavaPairRDD<RecordKey, ImageRecord> read(JavaSparkContext context, Decoding decoding) {
    int tasks =
        Math.min(
            paths.size(),
            Math.max(4 * context.defaultParallelism(), paths.size() / FILES_OF_A_TASK));
    ImageFiles files = ImageFiles.of(context, decoding);
    return context
        .parallelize(paths, tasks)
        .mapToPair(path -> new Tuple2<>(key(path), files.read(path)));
  }

  @Override
  public <T> T attempt(Supplier<T> work) {
    return DataFailures.reading(name, work);
  }
}
