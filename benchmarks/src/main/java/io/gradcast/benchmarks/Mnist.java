package io.gradcast.benchmarks;

import io.gradcast.engine.data.IdxReader;
import io.gradcast.engine.data.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * MNIST in memory, from a folder with its four .gz files.
 *
 * @param folder as {@code ./submit.sh fetch mnist} makes it
 */
public record Mnist(Path folder) {

  /** The 60,000 training samples. */
  public Samples train() throws IOException {
    return read("train", Integer.MAX_VALUE);
  }

  /** The first training samples. */
  public Samples train(int first) throws IOException {
    return read("train", first);
  }

  /** The 10,000 test samples. */
  public Samples test() throws IOException {
    return read("t10k", Integer.MAX_VALUE);
  }

  private Samples read(String prefix, int most) throws IOException {
    try (IdxReader images = IdxReader.images(open(prefix + "-images-idx3-ubyte.gz"), prefix);
        IdxReader labels = IdxReader.labels(open(prefix + "-labels-idx1-ubyte.gz"), prefix)) {
      return IdxReader.read(images, labels, 0, Math.min(most, images.count()));
    }
  }

  private InputStream open(String name) throws IOException {
    return new GZIPInputStream(Files.newInputStream(folder.resolve(name)), 1 << 16);
  }
}
