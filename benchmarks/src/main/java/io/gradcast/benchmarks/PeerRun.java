package io.gradcast.benchmarks;

import io.gradcast.engine.model.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one run of one system gave, as the line of JSON that peers/compare.sh collects.
 *
 * @param jdk Java's version, or null where no JVM trains
 * @param samplesPerSecond median of the run's repetitions
 */
public record PeerRun(
    String system,
    String version,
    String jdk,
    int threads,
    int batchSize,
    double samplesPerSecond,
    double minSamplesPerSecond,
    double maxSamplesPerSecond) {

  /** The run of a system in this JVM. */
  public static PeerRun here(
      String system, String version, int threads, int batchSize, double[] repetitions) {
    return new PeerRun(
        system,
        version,
        System.getProperty("java.version"),
        threads,
        batchSize,
        median(repetitions),
        Arrays.stream(repetitions).min().orElseThrow(),
        Arrays.stream(repetitions).max().orElseThrow());
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** One line. */
  public String toJson() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("system", system);
    line.put("version", version);
    line.put("jdk", jdk);
    line.put("threads", threads);
    line.put("batchSize", batchSize);
    line.put("samplesPerSecond", Math.round(samplesPerSecond));
    line.put("minSamplesPerSecond", Math.round(minSamplesPerSecond));
    line.put("maxSamplesPerSecond", Math.round(maxSamplesPerSecond));
    return Json.write(line);
  }

  static PeerRun parse(String line) throws IOException {
    Map<String, Object> read = Json.read(line);
    return new PeerRun(
        (String) read.get("system"),
        (String) read.get("version"),
        (String) read.get("jdk"),
        ((Number) read.get("threads")).intValue(),
        ((Number) read.get("batchSize")).intValue(),
        ((Number) read.get("samplesPerSecond")).doubleValue(),
        ((Number) read.get("minSamplesPerSecond")).doubleValue(),
        ((Number) read.get("maxSamplesPerSecond")).doubleValue());
  }
}
