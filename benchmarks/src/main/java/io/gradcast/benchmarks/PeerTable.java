package io.gradcast.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Turns the lines of {@link PeerRun}s on standard input, in the order of the runs, into a table.
 */
final class PeerTable {

  private static final String ROW = "%-9s  %-11s  %-8s  %11s  %18s  %15s%n";

  private PeerTable() {}

  public static void main(String[] arguments) throws IOException {
    Map<String, List<PeerRun>> systems = new LinkedHashMap<>();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      PeerRun run = PeerRun.parse(line);
      systems.computeIfAbsent(run.system(), system -> new ArrayList<>()).add(run);
    }
    List<PeerRun> ours = systems.getOrDefault("gradcast", List.of());
    System.out.printf(ROW, "system", "version", "jdk", "samples/s", "min - max", "gradcast/other");
    systems.values().forEach(runs -> print(runs, ours));
  }

  private static void print(List<PeerRun> runs, List<PeerRun> ours) {
    PeerRun any = runs.get(0);
    System.out.printf(
        ROW,
        any.system(),
        any.version(),
        any.jdk() == null ? "-" : any.jdk(),
        "%,.0f".formatted(PeerRun.median(each(runs, PeerRun::samplesPerSecond).toArray())),
        "%,.0f - %,.0f"
            .formatted(
                each(runs, PeerRun::minSamplesPerSecond).min().orElseThrow(),
                each(runs, PeerRun::maxSamplesPerSecond).max().orElseThrow()),
        runs == ours || ours.isEmpty() ? "-" : "%.2f".formatted(ratio(ours, runs)));
  }

  private static DoubleStream each(List<PeerRun> runs, ToDoubleFunction<PeerRun> rate) {
    return runs.stream().mapToDouble(rate);
  }

  /** Each round gives a ratio, of runs that were neighbours in time; their median counts. */
  private static double ratio(List<PeerRun> ours, List<PeerRun> others) {
    return PeerRun.median(
        IntStream.range(0, Math.min(ours.size(), others.size()))
            .mapToDouble(i -> ours.get(i).samplesPerSecond() / others.get(i).samplesPerSecond())
            .toArray());
  }
}
