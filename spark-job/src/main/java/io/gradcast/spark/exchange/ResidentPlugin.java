package io.gradcast.spark.exchange;

import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.spark.monitor.TrainingGauges;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Lets resident tasks speak with the driver through Spark's own RPC: no ports, sockets or secrets
 * but Spark's. And gives Spark's metrics system the gauges of a training, which it takes from
 * plugins alone. To be named in {@code spark.plugins} before the session starts.
 */
public final class ResidentPlugin implements SparkPlugin {

  // Spark makes the two sides and hands them to nobody, so each JVM remembers its own. In local
  // mode one JVM has both.
  private static volatile Driver driver;
  private static volatile PluginContext executor;

  /** Adds this plugin to a configuration, beside any others. */
  public static void register(SparkConf conf) {
    String name = ResidentPlugin.class.getName();
    String others = conf.get("spark.plugins", "");
    if (!others.contains(name)) {
      conf.set("spark.plugins", others.isBlank() ? name : others + "," + name);
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new Driver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> none) {
        executor = context;
      }
    };
  }

  /**
   * Tasks that can run at the same time, once the executors that were asked for have come; 0 where
   * the session was started without the plugin.
   */
  public static int awaitSlots() {
    Driver here = driver;
    return here == null ? 0 : here.slots.await();
  }

  /** What Spark's metrics system is told; where it knows of no plugin, nobody asks for it. */
  public static TrainingGauges gauges() {
    Driver here = driver;
    return here == null ? new TrainingGauges() : here.gauges;
  }

  /** Tasks that can run at the same time now; 0 where that is not known. */
  static int slots() {
    Driver here = driver;
    return here == null ? 0 : here.slots();
  }

  /** Cores of the executor that has most of them; 1 where that is not known. */
  static int mostCores() {
    Driver here = driver;
    return here == null ? 1 : here.slots.mostCores();
  }

  /** The driver's side in this JVM, or null where the session was started without the plugin. */
  static Driver driver() {
    return driver;
  }

  /** Says something to the driver, from an executor. */
  static Answer ask(Ask ask) {
    Driver here = driver;
    if (here != null) {
      return here.receive(ask);
    }
    try {
      return Answer.fromBytes((byte[]) executor.ask(ask.toBytes()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // the API allows any; Spark's own are not declared
      throw new IllegalStateException("a resident task could not reach the driver: " + e, e);
    }
  }

  /** Receives on one thread of Spark's; never blocks. */
  static final class Driver implements DriverPlugin {

    private static final Answer NOTHING = Answer.over();

    /** For the one thread on which messages come. */
    private final GradientSum incoming = new GradientSum();

    private final TrainingGauges gauges = new TrainingGauges();
    private Slots slots;
    private volatile Rounds rounds;

    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      slots = new Slots(plugin.conf());
      context.addSparkListener(slots);
      driver = this;
      return Map.of();
    }

    /** Spark takes what is registered by the time this ends. */
    @Override
    public void registerMetrics(String application, PluginContext plugin) {
      gauges.register(plugin.metricRegistry());
    }

    /** Tasks that can run at the same time now. */
    int slots() {
      return slots.count();
    }

    /** Turns to these rounds; null: there is nothing to do. */
    void serve(Rounds newRounds) {
      rounds = newRounds;
    }

    @Override
    public Object receive(Object message) {
      return receive(Ask.fromBytes((byte[]) message, incoming)).toBytes();
    }

    private Answer receive(Ask ask) {
      Rounds current = rounds;
      return current == null ? NOTHING : current.receive(ask);
    }

    @Override
    public void shutdown() {
      if (driver == this) {
        driver = null;
      }
    }
  }
}
