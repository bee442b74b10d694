package io.gradcast.spark.source;

import io.gradcast.engine.data.Fingerprint;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.store.Publication;
import io.gradcast.spark.store.Storage;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Packs data sets and reads them again, in a session of its own. */
final class Packing implements AutoCloseable {

  private final SparkSession spark;
  private final JavaSparkContext context;

  /** A task may fail twice. */
  Packing() {
    SparkConf conf =
        SparkTrainer.configure(new SparkConf())
            .setMaster("local[2,3]")
            .setAppName("packed")
            .set("spark.ui.enabled", "false");
    spark = SparkSession.builder().config(conf).getOrCreate();
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  SparkSession spark() {
    return spark;
  }

  JavaSparkContext context() {
    return context;
  }

  Storage storage() {
    return new Storage(context.hadoopConfiguration());
  }

  PackedManifest pack(Source source, Path output) {
    try (Publication publication = storage().publish(output.toString(), false)) {
      PackedManifest manifest = new Packer(context, publication).pack(source, "", done -> {});
      publication.commit();
      return manifest;
    }
  }

  PackedSource open(Path output) {
    return PackedSource.open(
        storage(), new org.apache.hadoop.fs.Path(output.toString()), List.of());
  }

  String fingerprint(Source source, int partitions) {
    return source.read(context, partitions).map(Fingerprint::of).collect().stream()
        .reduce(Fingerprint.EMPTY, Fingerprint::plus)
        .toString();
  }

  @Override
  public void close() {
    spark.stop();
  }
}
