package io.gradcast.spark.score;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.net.Network;
import io.gradcast.spark.shard.Gangs;
import io.gradcast.spark.shard.PartitionJob;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Measures parameters on a data set: integer counts, so the same for any placement. */
public final class Evaluator {

  private Evaluator() {}

  /** Evaluates parameters on every sample. */
  public static Evaluation evaluate(
      JavaSparkContext context, Network network, float[] parameters, JavaRDD<Samples> pieces) {
    Broadcast<float[]> current = context.broadcast(parameters.clone());
    Evaluation all = network.newEvaluation();
    Counts counts = new Counts(network, current);
    for (Evaluation part : counts.run(pieces)) {
      all.add(part);
    }
    current.destroy();
    return all;
  }

  private static final class Counts extends PartitionJob<Samples, Evaluation> {

    private static final long serialVersionUID = 1;

    private final String network;
    private final int classes;
    private final boolean severalLabels;
    private final Broadcast<float[]> parameters;

    Counts(Network network, Broadcast<float[]> parameters) {
      super(Evaluation.class);
      this.network = network.spec().text();
      classes = network.classes();
      severalLabels = network.spec().severalLabels();
      this.parameters = parameters;
    }

    @Override
    protected Evaluation compute(Iterator<Samples> pieces) {
      Evaluation evaluation = new Evaluation(classes, severalLabels);
      float[] current = parameters.value();
      Gangs.use(
          network,
          gang -> pieces.forEachRemaining(piece -> evaluation.add(gang.evaluate(piece, current))));
      return evaluation;
    }
  }
}
