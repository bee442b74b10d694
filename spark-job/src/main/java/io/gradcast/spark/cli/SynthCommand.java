package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.IdxWriter;
import io.gradcast.engine.data.SyntheticDigits;
import io.gradcast.engine.data.SyntheticDigits.Split;
import io.gradcast.spark.store.Publication;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes labelled images of digits, in any number, without Spark. */
@Command(
    name = "synth",
    description = "Makes labelled images of digits: a function of the seed, streamed to IDX files.")
final class SynthCommand implements Callable<Integer> {

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "folder to make")
  private String output;

  @Option(names = "--overwrite", description = "replace an earlier output")
  private boolean overwrite;

  @Option(
      names = "--train",
      paramLabel = "N",
      description = "training images (default: ${DEFAULT-VALUE})")
  private int train = 2000;

  @Option(
      names = "--test",
      paramLabel = "M",
      description = "test images (default: ${DEFAULT-VALUE})")
  private int test = 500;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "any integer (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--gzip",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "pack the files; plain ones are read faster by many partitions (default: packed)")
  private boolean gzip;

  @Override
  public Integer call() {
    requirePositive("--train", train);
    requirePositive("--test", test);
    ProgressLine line = ProgressLine.onStandardError();
    try (Publication publication = new Storage(new Configuration()).publish(output, overwrite)) {
      write(publication, line, "train", new SyntheticDigits(seed, Split.TRAIN), train);
      write(publication, line, "t10k", new SyntheticDigits(seed, Split.TEST), test);
      line.clear();
      System.out.printf(
          "%,d training and %,d test images in %s%n", train, test, publication.commit());
    }
    return 0;
  }

  private static void requirePositive(String flag, int count) {
    if (count < 1) {
      throw GradcastException.usage("%s: expected 1 or more, found %d".formatted(flag, count));
    }
  }

  private void write(
      Publication publication,
      ProgressLine line,
      String prefix,
      SyntheticDigits digits,
      int count) {
    String suffix = gzip ? ".gz" : "";
    publication.write(
        prefix + "-images-idx3-ubyte" + suffix,
        out -> {
          try (IdxWriter images =
              IdxWriter.images(packed(out), count, SyntheticDigits.SIDE, SyntheticDigits.SIDE)) {
            byte[] image = new byte[SyntheticDigits.PIXELS];
            for (int i = 0; i < count; i++) {
              digits.image(i, image);
              images.write(image);
              int made = i + 1;
              line.update(
                  (double) made / count,
                  () -> "%s: %,d of %,d images".formatted(prefix, made, count));
            }
          }
        });
    publication.write(
        prefix + "-labels-idx1-ubyte" + suffix,
        out -> {
          try (IdxWriter labels = IdxWriter.labels(packed(out), count)) {
            for (int i = 0; i < count; i++) {
              labels.write((byte) digits.label(i));
            }
          }
        });
  }

  private OutputStream packed(OutputStream out) throws IOException {
    return gzip ? new GZIPOutputStream(out, 1 << 16) : out;
  }
}
