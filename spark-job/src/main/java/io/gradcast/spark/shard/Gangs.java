package io.gradcast.spark.shard;

import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.train.NetworkGang;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads and the memory with which the tasks of an executor compute, kept from task to task:
 * no iteration allocates them again. Those of the last network only, since sessions may train many.
 */
public final class Gangs {

  private static final Logger LOG = LoggerFactory.getLogger(Gangs.class);

  static {
    // Once for each executor, where Spark's own log goes.
    String kernels = Kernels.best().description();
    if (kernels.equals("scalar")) {
      LOG.warn(
          "Kernels: scalar. Vectors are several times faster: start the JVM with --add-modules"
              + " jdk.incubator.vector (spark.executor.extraJavaOptions), as Spark's launchers do");
    } else {
      LOG.info("Kernels: {}", kernels);
    }
  }

  private static final Deque<NetworkGang> IDLE = new ArrayDeque<>();
  private static String currentText = "";
  private static Network current;

  private Gangs() {}

  /**
   * Lends the task of this thread as many threads as Spark gave it, its own included.
   *
   * @param text of the network, canonical
   */
  public static void use(String text, Consumer<NetworkGang> work) {
    NetworkGang gang = take(text, TaskContext.get().cpus());
    try {
      work.accept(gang);
    } finally {
      giveBack(text, gang);
    }
  }

  private static synchronized NetworkGang take(String text, int threads) {
    if (!text.equals(currentText)) {
      IDLE.forEach(NetworkGang::close);
      IDLE.clear();
      current = new Network(NetworkSpec.parseJson(text, "the network of this job"));
      currentText = text;
    }
    for (Iterator<NetworkGang> idle = IDLE.iterator(); idle.hasNext(); ) {
      NetworkGang gang = idle.next();
      if (gang.size() == threads) {
        idle.remove();
        return gang;
      }
    }
    return new NetworkGang(current, threads);
  }

  private static synchronized void giveBack(String text, NetworkGang gang) {
    if (text.equals(currentText)) {
      IDLE.push(gang);
    } else {
      gang.close();
    }
  }
}
