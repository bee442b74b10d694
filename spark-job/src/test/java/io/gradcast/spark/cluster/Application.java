package io.gradcast.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/** A Spark application of this JVM whose executors are processes that can be got hold of. */
public final class Application implements AutoCloseable {

  /** The least that Spark starts an executor with, roughly. */
  private static final int EXECUTOR_MEBIBYTES = 512;

  private static final long SECONDS_TO_END = 60;

  private final JavaSparkContext context;
  private final Events events = new Events();

  private Application(SparkConf conf) {
    context = new JavaSparkContext(conf);
    context.sc().addSparkListener(events);
  }

  /** Settings of an application on a cluster of its own, of executors with one core each. */
  public static SparkConf onLocalCluster(int executors) throws IOException {
    // Executors start as on any cluster, by a Spark that is installed: an empty one, since all
    // classes are on the class path.
    String home = Objects.requireNonNull(System.getenv("SPARK_HOME"), "SPARK_HOME; see pom.xml");
    Files.createDirectories(Path.of(home, "jars"));
    return onCluster("local-cluster[%d,1,%d]".formatted(executors, EXECUTOR_MEBIBYTES));
  }

  /** Settings of an application on a cluster that is there. */
  static SparkConf onCluster(String master) {
    return SmallTraining.sparkConf(master)
        .set("spark.executor.memory", EXECUTOR_MEBIBYTES + "m")
        .set("spark.executor.extraClassPath", SharedClasses.classPath())
        // They live for seconds: what the JVM does for speed is lost on them.
        .set(
            "spark.executor.extraJavaOptions",
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dgradcast.kernels=scalar "
                + SharedClasses.executorOptions())
        // A task that could run goes where there is a core, not where its data were.
        .set("spark.locality.wait", "0s")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.driver.host", "127.0.0.1");
  }

  /** Starts it and waits for its executors. */
  public static Application start(SparkConf conf, int executors) {
    Application application = new Application(conf);
    application.awaitExecutors(executors);
    return application;
  }

  public JavaSparkContext context() {
    return context;
  }

  Events events() {
    return events;
  }

  /** The executors that the driver knows and that run, by id. */
  Map<String, ProcessHandle> executors() {
    Map<String, ProcessHandle> running = ExecutorProcesses.byId();
    running.keySet().retainAll(CollectionConverters.asJava(context.sc().getExecutorIds()));
    return running;
  }

  /** Waits until so many executors are there, no more and no fewer. */
  void awaitExecutors(int count) {
    Await.until("there are %d executors".formatted(count), () -> executors().size() == count);
  }

  /** Sets how many executors there may be from now on; those that are there stay. */
  void limitExecutors(int count) {
    context.sc().requestTotalExecutors(count, 0, Map$.MODULE$.empty());
  }

  /** Takes all that is cached out of the executors' memory, behind Spark's back. */
  void evictShards() {
    for (int rdd : context.getPersistentRDDs().keySet()) {
      SparkEnv.get().blockManager().master().removeRdd(rdd, true);
    }
  }

  /** Ends it. What is left of its executors then is ended too, but makes the test fail. */
  @Override
  public void close() {
    Collection<ProcessHandle> executors = ExecutorProcesses.byId().values();
    context.close();
    List<ProcessHandle> left = executors.stream().filter(process -> !hasEnded(process)).toList();
    left.forEach(ProcessHandle::destroyForcibly);
    if (!left.isEmpty()) {
      throw new AssertionError("executors that outlived their application: " + left);
    }
  }

  private static boolean hasEnded(ProcessHandle process) {
    try {
      process.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
