package io.gradcast.benchmarks;

import io.gradcast.engine.Version;
import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.net.DataFacts;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.train.LocalTrainer;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Gradcast's run of peers/compare.sh: arguments are MNIST's folder, batch size, threads and
 * network.
 */
final class GradcastRun {

  /** The first is slow while Java compiles, which may last into the second. */
  private static final int WARM_UP_EPOCHS = 2;

  private static final int MEASURED_EPOCHS = 5;

  private static final int COLOURS = 2048;
  private static final int FEW = 16;

  private GradcastRun() {}

  public static void main(String[] arguments) throws IOException {
    int batchSize = Integer.parseInt(arguments[1]);
    int threads = Integer.parseInt(arguments[2]);
    String name = arguments[3];
    Samples samples =
        name.equals("vgg-small") ? colours() : new Mnist(Path.of(arguments[0])).train();
    double rate = name.equals("zhang") ? 1 : 0.01;
    TrainingConfig config =
        new TrainingConfig(WARM_UP_EPOCHS + MEASURED_EPOCHS, batchSize, rate, /* seed= */ 1);
    DataStatistics statistics = new DataStatistics(samples.shape().channels(), 10);
    statistics.add(samples);
    DataFacts facts = new DataFacts(samples.shape(), 10, false).with(statistics);
    Network network = new Network(NetworkText.named(name).resolve(facts));
    // There is no training without evaluation, so it gets next to nothing to evaluate.
    try (LocalTrainer trainer = new LocalTrainer(network, config, samples, few(samples), threads)) {
      TrainingResult result = trainer.train(TrainingListener.NONE);
      double[] repetitions =
          result.measurements().stream()
              .skip(WARM_UP_EPOCHS)
              .mapToDouble(Measurement::samplesPerSecond)
              .toArray();
      System.out.println(
          PeerRun.here("gradcast", Version.current(), threads, batchSize, repetitions).toJson());
    }
  }

  /** Random ones: for how long training takes it makes no difference what they show. */
  private static Samples colours() {
    Shape shape = new Shape(3, 32, 32);
    Random random = new Random(1);
    byte[] pixels = new byte[COLOURS * shape.size()];
    random.nextBytes(pixels);
    return new Samples(
        shape,
        LongStream.range(0, COLOURS).toArray(),
        pixels,
        random.ints(COLOURS, 0, 10).toArray());
  }

  private static Samples few(Samples samples) {
    return new Samples(
        samples.shape(),
        Arrays.copyOf(samples.ids(), FEW),
        Arrays.copyOf(samples.pixels(), FEW * samples.shape().size()),
        Arrays.copyOf(samples.labels(), FEW));
  }
}
