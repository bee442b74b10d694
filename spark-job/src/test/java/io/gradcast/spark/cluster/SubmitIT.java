package io.gradcast.spark.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.Sha256;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar that is shipped, submitted to a cluster by one who has no Spark but for the jars in the
 * Maven repository. Runs when the jar is made.
 */
@Tag("newer")
class SubmitIT {

  @TempDir private Path folder;

  @Test
  void submitTrainsTheSameModelOnAStandaloneCluster() throws Exception {
    SmallTraining training = SmallTraining.in(Files.createDirectory(folder.resolve("data")));
    Path output = folder.resolve("model");
    try (StandaloneCluster cluster = new StandaloneCluster(classPathOfSpark())) {
      cluster.startWorker("127.0.0.1", 1);
      cluster.startWorker("127.0.0.1", 1);

      String printed =
          submit(
              "train",
              "--master=" + cluster.url(),
              "--data=file:" + training.data(),
              "--output=file:" + output,
              "--epochs=" + SmallTraining.CONFIG.epochs(),
              "--batch-size=" + SmallTraining.CONFIG.batchSize(),
              "--learning-rate=" + SmallTraining.CONFIG.learningRate(),
              "--seed=" + SmallTraining.CONFIG.seed());

      assertFalse(printed.contains("Building Gradcast"), printed);
      String expected = training.onThreads(1);
      assertTrue(printed.contains(expected), printed);
      byte[] model = Files.readAllBytes(output.resolve("model.safetensors"));
      assertEquals(expected, HexFormat.of().formatHex(Sha256.digest().digest(model)));
    }
  }

  /** Without our own classes, which only the jar brings. */
  private static String classPathOfSpark() throws IOException {
    return Files.readString(Path.of("target", System.getProperty("spark.classpath.file")));
  }

  private String submit(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of("..", "submit.sh").toString()));
    command.addAll(List.of(arguments));
    Path printed = folder.resolve("printed");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PATH", pathWithoutSpark(environment.get("PATH")));
    environment.remove("SPARK_HOME");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("GRADCAST_LOG", Path.of("target", "spark-submit.log").toAbsolutePath() + "");
    environment.put(
        "GRADCAST_SUBMIT", "--conf spark.ui.enabled=false --conf spark.executor.memory=512m");
    Process process = builder.start();
    try {
      int status = process.waitFor();
      String text = Files.readString(printed);
      assertEquals(0, status, text);
      return text;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String pathWithoutSpark(String path) {
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(entry -> Files.notExists(Path.of(entry, "spark-submit")))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
