package io.gradcast.benchmarks;

import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.train.LocalTrainer;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains in one JVM, without Spark: a line of JSON an epoch, and one for the whole run. */
@Command(name = "local.sh", mixinStandardHelpOptions = true, showDefaultValues = true)
final class LocalTraining implements Callable<Integer> {

  @Option(names = "--data", required = true, description = "folder with MNIST's four .gz files")
  private Path data;

  @Option(names = "--network", description = "a network of conf/networks")
  private String network = "zhang";

  @Option(names = "--epochs", description = "passes over the data")
  private int epochs = 3;

  @Option(names = "--batch-size", description = "samples a minibatch")
  private int batchSize = 50;

  @Option(names = "--learning-rate", description = "step size")
  private double learningRate = 1;

  @Option(names = "--seed", description = "of weights and order")
  private long seed = 1;

  @Option(names = "--threads", description = "threads in all")
  private int threads = 2;

  private LocalTraining() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LocalTraining()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    TrainingConfig config = new TrainingConfig(epochs, batchSize, learningRate, seed);
    Network spec = new Network(NetworkSpec.named(network));
    Mnist mnist = new Mnist(data);
    try (LocalTrainer trainer =
        new LocalTrainer(spec, config, mnist.train(), mnist.test(), threads)) {
      WarmUp warmUp = new WarmUp();
      print(config, trainer.train(new Printer(warmUp)), warmUp);
    }
    return 0;
  }

  private void print(TrainingConfig config, TrainingResult result, WarmUp warmUp) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("epochs", config.epochs());
    line.put("batchSize", config.batchSize());
    line.put("threads", threads);
    line.put("trainSeconds", result.seconds());
    line.put("samplesPerSecond", result.samplesPerSecond());
    line.put(
        "overheadMillisPerIteration",
        result.overheadShare() * result.seconds() * 1e3 / result.iterations());
    line.put("secondsTo90Percent", warmUp.secondsToSteady());
    line.put("testError", result.kept().evaluation().error());
    line.put("kernels", Kernels.best().description());
    line.put("jdk", System.getProperty("java.version"));
    System.out.println(Json.write(line));
  }

  private record Printer(WarmUp warmUp) implements TrainingListener {

    @Override
    public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
      warmUp.iterationEnded(epoch, iteration, loss, busyNanos);
    }

    @Override
    public void measured(Measurement measurement) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("epoch", measurement.epoch());
      line.put("trainLoss", measurement.trainLoss());
      line.put("testError", measurement.evaluation().error());
      line.put("samplesPerSecond", measurement.samplesPerSecond());
      System.out.println(Json.write(line));
      warmUp.measured(measurement);
    }
  }
}
