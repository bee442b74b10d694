package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gradcast.engine.data.IdxReader;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One epoch on MNIST ends where other implementations of the same network do. */
class MnistAccuracyTest {

  private static Path mnist() {
    String given = System.getenv("MNIST_DIR");
    return given == null ? Path.of("..", "..", "shared", "mnist") : Path.of(given);
  }

  /** Other implementations, measured: 10.5 to 11.9 %. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void errorAfterOneEpochIsThatOfOtherImplementations(long seed) throws IOException {
    assumeTrue(
        Files.exists(mnist().resolve("train-images-idx3-ubyte.gz")),
        "MNIST is not at " + mnist() + "; put its folder into MNIST_DIR");
    TrainingConfig config = new TrainingConfig(1, 50, 1, seed);
    Network network = new Network(NetworkSpec.named("zhang"));
    try (LocalTrainer trainer = new LocalTrainer(network, config, read("train"), read("t10k"), 2)) {
      double error = trainer.train(TrainingListener.NONE).last().evaluation().error();
      assertTrue(error > 0.08 && error < 0.125, "test error " + error);
    }
  }

  private static Samples read(String prefix) throws IOException {
    try (IdxReader images = IdxReader.images(open(prefix + "-images-idx3-ubyte.gz"), prefix);
        IdxReader labels = IdxReader.labels(open(prefix + "-labels-idx1-ubyte.gz"), prefix)) {
      return IdxReader.read(images, labels, 0, images.count());
    }
  }

  private static InputStream open(String name) throws IOException {
    return new GZIPInputStream(Files.newInputStream(mnist().resolve(name)), 1 << 16);
  }
}
