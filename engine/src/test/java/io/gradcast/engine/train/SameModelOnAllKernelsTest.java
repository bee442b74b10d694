package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gradcast.engine.Sha256;
import io.gradcast.engine.data.Augmentation;
import io.gradcast.engine.data.Digits;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.RichNetworkTest;
import io.gradcast.engine.optim.Adam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole trainings, of the base network, a larger one and one of all layers, in JVMs of their own:
 * one for each kind of kernels. The hashes are pinned, so they are also the same on every JDK that
 * runs this.
 */
class SameModelOnAllKernelsTest {

  private static final String BASE =
      "e690f5d4cf349aac810bf72171815137a6113753c5a8e35588e2b934b4264f45";

  private static final String LARGER =
      "37cac9a33ee877f043c6850d392e356912bd7d8e0a861a95769fd5b3f8469826";

  /** Strides, padding, unequal sides, and numbers of maps that fit no tile. */
  private static final String LARGER_TEXT =
      """
      name = larger, input = [1, 28, 28], loss = squared-error
      layers = [
        { type = conv, maps = 13, kernel = 3, padding = 1 }, { type = sigmoid }
        { type = mean-pool, size = 2 }
        { type = conv, maps = 17, kernel = [5, 3], stride = 2, padding = 2 }, { type = sigmoid }
        { type = conv, maps = 32, kernel = 3 }, { type = sigmoid }
        { type = dense, units = 10 }, { type = sigmoid }
      ]
      """;

  /** A network of all layers, whose images are varied and whose steps are Adam's. */
  private static final String RICH =
      "94aedb533390be8afcea76e9c1226d1abdd2dfbc878f68339130b9e102d880d8";

  /** Trains the networks and prints the kernels and the hash of each one's parameters. */
  public static void main(String[] arguments) {
    System.out.println(Kernels.best().description());
    TrainingConfig config = new TrainingConfig(2, 50, 1, 5);
    System.out.println(hashOfTraining(NetworkSpec.named("zhang"), config));
    System.out.println(hashOfTraining(NetworkSpec.parse(LARGER_TEXT, "larger"), config));
    TrainingConfig rich =
        new TrainingConfig(2, 50, 0.002, 5)
            .with(new Adam(0.9, 0.999, 1e-8, 1e-4))
            .with(new Augmentation(2, 15, 0.1, true, 0.2, 1));
    System.out.println(hashOfTraining(NetworkSpec.parse(RichNetworkTest.TEXT, "rich"), rich));
  }

  private static String hashOfTraining(NetworkSpec spec, TrainingConfig config) {
    try (LocalTrainer trainer =
        new LocalTrainer(new Network(spec), config, Digits.first(333), Digits.first(50), 2)) {
      float[] parameters = trainer.train(TrainingListener.NONE).parameters();
      ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES);
      bytes.asFloatBuffer().put(parameters);
      return HexFormat.of().formatHex(Sha256.digest().digest(bytes.array()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "128", "256", "512"})
  void modelIsTheSame(String kernels) throws IOException, InterruptedException {
    Process process = train(kernels);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    assumeTrue(
        !output.contains("the width of this processor's vectors"),
        "this processor has no vectors of " + kernels + " bits");
    assertEquals(0, status, output);
    List<String> lines = output.lines().filter(line -> !line.startsWith("WARNING")).toList();
    assertTrue(lines.get(0).startsWith(kernels), output);
    assertEquals(List.of(BASE, LARGER, RICH), lines.subList(1, 4));
  }

  private static Process train(String kernels) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-Dgradcast.kernels=" + kernels);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(SameModelOnAllKernelsTest.class.getName());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
