package io.gradcast.spark.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Measurement;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.spark.cluster.EveryExchange;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.exchange.ExchangeKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingGaugesTest {

  private static final Pattern LINE =
      Pattern.compile("metrics_small_driver_plugin_\\w*ResidentPlugin_(\\w+)_Value\\{.*\\} (.*)");

  @TempDir private Path folder;

  private static Map<String, Double> values(MetricRegistry registry) {
    Map<String, Double> values = new TreeMap<>();
    registry
        .getGauges()
        .forEach((name, gauge) -> values.put(name, ((Number) gauge.getValue()).doubleValue()));
    return values;
  }

  @Test
  void gaugesShowTheLastIterationAndTheLastEvaluation() {
    TrainingGauges gauges = new TrainingGauges();
    MetricRegistry registry = new MetricRegistry();
    gauges.register(registry);
    double unknown = Double.NaN;
    assertEquals(
        Map.of(
            "epoch", 0.0,
            "iteration", 0.0,
            "loss", unknown,
            "accuracy", unknown,
            "samplesPerSecond", unknown,
            "overhead", unknown),
        values(registry));
    long before = System.nanoTime();
    TrainingListener listener = gauges.listener(new TrainingConfig(2, 50, 1, 1), 120, 2);
    listener.iterationEnded(1, 1, 0.75, 0);
    listener.iterationEnded(1, 2, 0.5, 0);
    listener.iterationEnded(1, 3, 0.25, 0);
    double seconds = (System.nanoTime() - before) * 1e-9;
    Map<String, Double> values = values(registry);
    assertEquals(1, values.get("epoch"));
    assertEquals(3, values.get("iteration"));
    assertEquals(0.25, values.get("loss"));
    assertTrue(values.get("samplesPerSecond") >= 120 / seconds, values.toString());
    assertEquals(1, values.get("overhead"), "threads that computed nothing");
    Evaluation test = new Evaluation(2);
    test.add(0, 0, 0.5f);
    test.add(1, 0, 0.5f);
    listener.measured(new Measurement(1, 3, 0.5, 0.75, 1, test, 1, 120));
    assertEquals(0.5, values(registry).get("accuracy"));
  }

  /** Through the sink that Spark has for Prometheus, as a user would have it. */
  @EveryExchange
  void prometheusGetsTheGaugesOfATraining(ExchangeKind exchange) throws IOException {
    SmallTraining training = SmallTraining.in(folder);
    SparkConf conf =
        SmallTraining.sparkConf("local[2]")
            .set("spark.ui.enabled", "true")
            .set("spark.ui.port", "0")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.metrics.namespace", "small")
            .set(
                "spark.metrics.conf.*.sink.prometheusServlet.class",
                "org.apache.spark.metrics.sink.PrometheusServlet")
            .set("spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus");
    Map<String, Double> expected = new TreeMap<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void iterationEnded(int epoch, int iteration, double loss, long busyNanos) {
            expected.put("epoch", (double) epoch);
            expected.put("iteration", (double) iteration);
            expected.put("loss", loss);
          }

          @Override
          public void measured(Measurement measurement) {
            expected.put("accuracy", measurement.evaluation().accuracy());
          }
        };
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      training.onSpark(context, exchange, listener);
      Map<String, Double> found = scraped(context.sc().uiWebUrl().get() + "/metrics/prometheus");
      double samplesPerSecond = found.remove("samplesPerSecond");
      double overhead = found.remove("overhead");
      assertEquals(expected, found);
      assertEquals(4, found.size());
      assertTrue(samplesPerSecond > 0, "samples a second: " + samplesPerSecond);
      assertTrue(overhead > 0 && overhead < 1, "overhead: " + overhead);
    }
  }

  private static Map<String, Double> scraped(String url) throws IOException {
    Map<String, Double> values = new TreeMap<>();
    try (InputStream in = URI.create(url).toURL().openStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          values.put(matcher.group(1), Double.valueOf(matcher.group(2)));
        }
      }
    }
    return values;
  }

  @Test
  void trainingIsTheSameWithoutThePlugin() throws IOException {
    SmallTraining training = SmallTraining.in(folder);
    SparkConf conf = SmallTraining.sparkConf("local[2]").remove("spark.plugins");
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      assertEquals(
          training.onThreads(1),
          training.onSpark(context, ExchangeKind.TREE, TrainingListener.NONE));
    }
  }
}
