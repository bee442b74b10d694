package io.gradcast.benchmarks;

import io.gradcast.engine.kernel.Kernels;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the JMH benchmarks and prints a table: microseconds a sample, GFLOP/s and their share of the
 * peak measured beside them, and bytes allocated, by JMH's GC profiler. Arguments are regular
 * expressions of benchmarks' names; none for all.
 */
final class KernelReport {

  private static final int ITERATIONS = 5;

  private KernelReport() {}

  public static void main(String[] patterns) throws RunnerException {
    try {
      run(patterns);
    } catch (NoBenchmarksException e) {
      System.err.println(
          "kernels.sh: expected regular expressions of benchmarks' names, such as Convolution,"
              + " found none that any matches: "
              + String.join(" ", patterns));
      System.exit(2);
    }
  }

  private static void run(String[] patterns) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    for (String pattern : patterns) {
      options.include(pattern);
    }
    TimeValue time = TimeValue.milliseconds(500);
    Collection<RunResult> results =
        new Runner(
                options
                    .mode(Mode.AverageTime)
                    .timeUnit(TimeUnit.NANOSECONDS)
                    .forks(1)
                    .warmupIterations(ITERATIONS)
                    .warmupTime(time)
                    .measurementIterations(ITERATIONS)
                    .measurementTime(time)
                    .addProfiler(GCProfiler.class)
                    .build())
            .run();
    System.out.printf(
        "%nKernels: %s, JDK %s%n%n| kernel | sizes | µs a sample | GFLOP/s | of the peak | bytes an operation |%n",
        Kernels.best().description(), System.getProperty("java.version"));
    System.out.println("| --- | --- | ---: | ---: | ---: | ---: |");
    for (RunResult result : results) {
      System.out.println(row(result));
    }
  }

  private static String row(RunResult result) {
    String name = result.getParams().getBenchmark();
    name = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    String sizes = result.getParams().getParam("sizes");
    String batch = result.getParams().getParam("batchSize");
    double samples = batch == null ? Kernels.LANES : Integer.parseInt(batch);
    double nanos = result.getPrimaryResult().getStatistics().getPercentile(50) / samples;
    String rate = "";
    String share = "";
    if (sizes != null) {
      double gflops = ConvolutionBenchmark.flops(ConvolutionBenchmark.shape(sizes)) / nanos;
      double peak = secondary(result, "peakGflops") / ITERATIONS;
      rate = "%.0f".formatted(gflops);
      share = String.format(Locale.ROOT, "%.0f %% of %.0f", 100 * gflops / peak, peak);
    } else if (batch != null) {
      sizes = result.getParams().getParam("network") + ", batch " + batch;
    }
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.3f | %s | %s | %.0f |",
        name.replace("Benchmark", ""),
        sizes == null ? "" : sizes,
        nanos * 1e-3,
        rate,
        share,
        secondary(result, "gc.alloc.rate.norm"));
  }

  private static double secondary(RunResult result, String name) {
    for (Result<?> value : result.getSecondaryResults().values()) {
      if (value.getLabel().endsWith(name)) {
        return value.getScore();
      }
    }
    throw new IllegalStateException("JMH gave no " + name);
  }
}
