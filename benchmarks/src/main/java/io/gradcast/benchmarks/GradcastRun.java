package io.gradcast.benchmarks;

import io.gradcast.engine.Version;
import io.gradcast.engine.eval.EpochMetrics;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.train.LocalTrainer;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;

/** Gradcast's run of peers/compare.sh: arguments are MNIST's folder, batch size and threads. */
final class GradcastRun {

  /** The first is slow while Java compiles, which may last into the second. */
  private static final int WARM_UP_EPOCHS = 2;

  private static final int MEASURED_EPOCHS = 5;

  private GradcastRun() {}

  public static void main(String[] arguments) throws IOException {
    Mnist mnist = new Mnist(Path.of(arguments[0]));
    int batchSize = Integer.parseInt(arguments[1]);
    int threads = Integer.parseInt(arguments[2]);
    TrainingConfig config =
        new TrainingConfig(WARM_UP_EPOCHS + MEASURED_EPOCHS, batchSize, 1, /* seed= */ 1);
    Network network = new Network(NetworkSpec.named("zhang"));
    // There is no training without evaluation, so it gets next to nothing to evaluate.
    try (LocalTrainer trainer =
        new LocalTrainer(network, config, mnist.train(), mnist.train(16), threads)) {
      TrainingResult result = trainer.train(TrainingListener.NONE);
      double[] repetitions =
          result.epochs().stream()
              .skip(WARM_UP_EPOCHS)
              .mapToDouble(EpochMetrics::samplesPerSecond)
              .toArray();
      System.out.println(
          PeerRun.here("gradcast", Version.current(), threads, batchSize, repetitions).toJson());
    }
  }
}
