package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.fetch.Download;
import io.gradcast.spark.fetch.RemoteFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads a well-known data set, without Spark. */
@Command(
    name = "fetch",
    description = "Downloads a data set; goes on with what has arrived before, and verifies it.")
final class FetchCommand implements Callable<Integer> {

  /** Sizes and checksums are those of the files unpacked. */
  private static final List<RemoteFile> MNIST =
      List.of(
          new RemoteFile(
              "train-images-idx3-ubyte.gz",
              "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
              47_040_016),
          new RemoteFile(
              "train-labels-idx1-ubyte.gz",
              "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
              60_008),
          new RemoteFile(
              "t10k-images-idx3-ubyte.gz",
              "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
              7_840_016),
          new RemoteFile(
              "t10k-labels-idx1-ubyte.gz",
              "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
              10_008));

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  @Parameters(index = "0", paramLabel = "NAME", description = "the data set: mnist")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "local folder; made if it is not there")
  private Path folder;

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description = "where the files are (default: ${DEFAULT-VALUE})")
  private String baseUrl = "https://storage.googleapis.com/cvdf-datasets/mnist/";

  @Override
  public Integer call() {
    if (!name.equals("mnist")) {
      throw GradcastException.usage("fetch: expected the data set mnist, found " + name);
    }
    Download download = new Download(baseUrl, TIMEOUT, PAUSE);
    ProgressLine line = ProgressLine.onStandardError();
    for (RemoteFile file : MNIST) {
      boolean fetched =
          download.fetch(
              file,
              folder,
              (done, total) -> line.update(share(done, total), () -> text(file, done, total)));
      line.clear();
      System.out.printf(
          "%s  %s%n",
          file.name(), fetched ? "fetched and verified" : "was there already, verified");
    }
    System.out.printf(
        "MNIST is in %s: 60,000 training and 10,000 test images.%n"
            + "Train on it: ./submit.sh train --data %s%n",
        folder, folder);
    return 0;
  }

  private static double share(long done, long total) {
    return total > 0 ? (double) done / total : 0;
  }

  private static String text(RemoteFile file, long done, long total) {
    return total < 0
        ? "%s  %.1f MB".formatted(file.name(), done * 1e-6)
        : "%s  %.1f of %.1f MB".formatted(file.name(), done * 1e-6, total * 1e-6);
  }
}
