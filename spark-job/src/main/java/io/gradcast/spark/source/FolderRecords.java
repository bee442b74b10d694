package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.store.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * A folder of PNG and JPEG files, at any depth, each of the class that its own folder has the name
 * of. A record's key is its path.
 */
public final class FolderRecords implements Records {

  /** Bytes of a file at most. */
  private static final int LARGEST_FILE = 1 << 26;

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

  /** Lists the files, by Spark's own jobs where there are many folders. */
  static FolderRecords open(SparkSession spark, Storage storage, String uri) {
    String[] files =
        DataFailures.reading(
            uri,
            () ->
                spark
                    .read()
                    .format("binaryFile")
                    .option("recursiveFileLookup", true)
                    .option("pathGlobFilter", "*.{png,jpg,jpeg,PNG,JPG,JPEG}")
                    .load(uri)
                    .inputFiles());
    if (files.length == 0) {
      throw GradcastException.data(
          "data %s: expected images, .png, .jpg or .jpeg, found none".formatted(uri));
    }
    String[] paths =
        Arrays.stream(files)
            .map(file -> new Path(URI.create(file)).toString())
            .toArray(String[]::new);
    Arrays.sort(paths);
    return new FolderRecords(uri, List.of(paths), folders(storage, uri, paths));
  }

  /** The names of the folders of classes, if all images are in such: some may have none. */
  private static Set<String> folders(Storage storage, String uri, String[] paths) {
    try {
      Path root = storage.qualified(new Path(uri));
      Set<String> names = new TreeSet<>();
      if (Arrays.stream(paths).allMatch(p -> root.equals(new Path(p).getParent().getParent()))) {
        for (FileStatus status : storage.list(root)) {
          String name = status.getPath().getName();
          if (status.isDirectory() && !name.startsWith("_") && !name.startsWith(".")) {
            names.add(label(name));
          }
        }
      }
      return names;
    } catch (IOException e) {
      throw DataFailures.unreadable(uri, e);
    }
  }

  /** Of the folder of a partition, named key=value, the value. */
  private static String label(String folder) {
    return folder.substring(folder.indexOf('=') + 1);
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
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    return context.parallelize(paths, tasks).mapToPair(new FileReader(configuration, decoding));
  }

  @Override
  public <T> T attempt(Supplier<T> work) {
    return DataFailures.reading(name, work);
  }

  /** Reads one file after another; on an executor. */
  private static final class FileReader implements PairFunction<String, RecordKey, ImageRecord> {

    private static final long serialVersionUID = 1;

    private final Broadcast<SerializableConfiguration> configuration;
    private final Decoding decoding;
    private final PixelDecoder decoder;
    private transient Storage storage;

    FileReader(Broadcast<SerializableConfiguration> configuration, Decoding decoding) {
      this.configuration = configuration;
      this.decoding = decoding;
      decoder = new PixelDecoder(decoding.form());
    }

    @Override
    public Tuple2<RecordKey, ImageRecord> call(String file) {
      if (storage == null) {
        storage = new Storage(configuration.value().value());
      }
      return new Tuple2<>(key(file), read(new Path(file)));
    }

    private ImageRecord read(Path path) {
      try {
        List<String> labels = decoding.labels(label(path.getParent().getName()));
        return new ImageRecord(labels, decoder.decode(bytes(path)), null);
      } catch (BadRecord e) {
        return ImageRecord.bad(e);
      }
    }

    private byte[] bytes(Path path) throws BadRecord {
      try (InputStream in = storage.open(path)) {
        byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
        if (bytes.length > LARGEST_FILE) {
          throw new BadRecord(
              "a file of %,d bytes at most".formatted(LARGEST_FILE), "a larger one");
        }
        return bytes;
      } catch (FileNotFoundException e) {
        throw new BadRecord("the file that was listed", "nothing there any more");
      } catch (AccessControlException e) {
        throw new BadRecord("a file that may be read", "no permission");
      } catch (IOException e) {
        throw new BadRecord("a readable file", e.getMessage());
      }
    }
  }
}
