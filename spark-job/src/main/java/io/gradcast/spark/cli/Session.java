package io.gradcast.spark.cli;

import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.store.Storage;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/** The Spark session of one command, with what Gradcast needs of it. */
final class Session implements AutoCloseable {

  private final SparkSession spark;
  private final JavaSparkContext context;

  private Session(SparkSession spark) {
    this.spark = spark;
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  /**
   * Starts one.
   *
   * @param master as in Spark; empty for what is configured, else local[*]
   */
  static Session start(String master) {
    SparkConf conf =
        SparkTrainer.configure(new SparkConf())
            .setIfMissing("spark.app.name", "gradcast")
            .setIfMissing("spark.ui.showConsoleProgress", "false");
    if (!master.isEmpty()) {
      conf.setMaster(master);
    } else {
      conf.setIfMissing("spark.master", "local[*]");
    }
    return new Session(SparkSession.builder().config(conf).getOrCreate());
  }

  /** How files are found without a session, as with one. */
  static Configuration hadoopConfiguration() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
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

  @Override
  public void close() {
    spark.stop();
  }
}
