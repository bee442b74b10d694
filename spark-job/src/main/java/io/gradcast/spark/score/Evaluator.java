package io.gradcast.spark.score;

import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.net.Network;
import io.gradcast.spark.shard.Shards;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Measures parameters on a data set: integer counts, so the same for any placement. */
public final class Evaluator {

  private Evaluator() {}

  /**
   * Evaluates parameters on every sample.
   *
   * @param depth of the tree in which counts are added up, from 1
   */
  public static Evaluation evaluate(
      JavaSparkContext context, Network network, float[] parameters, Shards shards, int depth) {
    Broadcast<float[]> current = context.broadcast(parameters.clone());
    String text = network.spec().text();
    Evaluation evaluation =
        shards
            .rdd()
            .treeAggregate(
                new Evaluation(network.classes()),
                (part, shard) -> {
                  shard.evaluate(text, current.value(), part);
                  return part;
                },
                (into, other) -> {
                  into.add(other);
                  return into;
                },
                depth);
    current.destroy();
    return evaluation;
  }
}
