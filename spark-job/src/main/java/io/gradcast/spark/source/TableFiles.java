package io.gradcast.spark.source;

import io.gradcast.spark.source.Source.Rejected;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.orc.OrcFile;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Parquet or ORC files of which some may be broken: each is opened once, on the executors, so that
 * those that cannot be are known before the others are read.
 *
 * @param table of those that can be read
 * @param rejected those that cannot
 */
record TableFiles(Dataset<Row> table, List<Rejected> rejected) {

  private static final int FILES_OF_A_TASK = 100;

  /**
   * Opens what is at a URI.
   *
   * @param format parquet or orc
   */
  static TableFiles open(SparkSession spark, String format, String uri) {
    return DataFailures.reading(
        uri,
        () -> {
          String[] files =
              spark
                  .read()
                  .format("binaryFile")
                  .option("recursiveFileLookup", true)
                  .load(uri)
                  .inputFiles();
          List<Rejected> rejected = rejected(spark, format, List.of(files));
          Set<String> broken = rejected.stream().map(Rejected::record).collect(Collectors.toSet());
          String[] whole =
              Arrays.stream(files)
                  .map(file -> new Path(URI.create(file)).toString())
                  .filter(file -> !broken.contains(file))
                  .toArray(String[]::new);
          return new TableFiles(
              spark.read().format(format).option("basePath", uri).load(whole), rejected);
        });
  }

  private static List<Rejected> rejected(SparkSession spark, String format, List<String> files) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    boolean parquet = format.equals("parquet");
    return context
        .parallelize(files, Math.max(1, files.size() / FILES_OF_A_TASK))
        .mapToPair(
            file -> {
              Path path = new Path(URI.create(file));
              return new Tuple2<>(
                  path.toString(), problem(path, parquet, configuration.value().value()));
            })
        .filter(file -> !file._2().isEmpty())
        .collect()
        .stream()
        .map(file -> new Rejected(file._1(), file._2()))
        .toList();
  }

  /** What is wrong with a file; empty where nothing is. */
  private static String problem(Path path, boolean parquet, Configuration configuration) {
    String expected = parquet ? "expected a whole Parquet file" : "expected a whole ORC file";
    try {
      if (parquet) {
        ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration)).close();
      } else {
        OrcFile.createReader(path, OrcFile.readerOptions(configuration)).close();
      }
      return "";
    } catch (FileNotFoundException e) {
      return expected + ", found nothing there any more";
    } catch (AccessControlException e) {
      return expected + ", found no permission to read it";
    } catch (IOException | RuntimeException e) {
      // The readers throw whatever a broken file makes them stumble over.
      return expected + ", found: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
  }
}
