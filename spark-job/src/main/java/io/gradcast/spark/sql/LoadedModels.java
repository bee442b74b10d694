package io.gradcast.spark.sql;

import io.gradcast.spark.score.SharedModel;
import io.gradcast.spark.store.Models;
import io.gradcast.spark.store.Storage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Models that queries of an application have used: the driver reads each once, and executors have
 * it from there, all queries the same. A file that has changed since is another model.
 */
final class LoadedModels {

  /** Others are read again, once Spark has cleaned up what no query refers to any more. */
  private static final int MOST = 8;

  /** The one used longest ago is the first. */
  private static final Map<Key, SharedModel> MODELS = new LinkedHashMap<>(MOST, 0.75f, true);

  private LoadedModels() {}

  private record Key(String application, String path, long length, long modified) {}

  static synchronized SharedModel get(SparkContext context, Storage storage, String uri) {
    FileStatus file = Models.find(storage, uri);
    Key key =
        new Key(
            context.applicationId(),
            file.getPath().toString(),
            file.getLen(),
            file.getModificationTime());
    SharedModel model = MODELS.get(key);
    if (model == null) {
      JavaSparkContext driver = JavaSparkContext.fromSparkContext(context);
      model = new SharedModel(driver, Models.read(storage, file));
      MODELS.put(key, model);
      if (MODELS.size() > MOST) {
        MODELS.remove(MODELS.keySet().iterator().next());
      }
    }
    return model;
  }
}
