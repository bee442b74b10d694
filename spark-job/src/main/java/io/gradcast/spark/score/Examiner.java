package io.gradcast.spark.score;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.net.Network;
import io.gradcast.spark.shard.Gangs;
import io.gradcast.spark.shard.PartitionJob;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Collects what a report shows of a data set: the same for any placement. */
public final class Examiner {

  private Examiner() {}

  /** Examines the predictions of parameters for every sample. */
  public static Examination examine(
      JavaSparkContext context, Network network, float[] parameters, JavaRDD<Samples> pieces) {
    Broadcast<float[]> current = context.broadcast(parameters.clone());
    Examination all = network.newExamination();
    Job job = new Job(network, current);
    for (Examination part : job.run(pieces)) {
      all.add(part);
    }
    current.destroy();
    return all;
  }

  private static final class Job extends PartitionJob<Samples, Examination> {

    private static final long serialVersionUID = 1;

    private final String network;
    private final int classes;
    private final boolean severalLabels;
    private final Broadcast<float[]> parameters;

    Job(Network network, Broadcast<float[]> parameters) {
      super(Examination.class);
      this.network = network.spec().text();
      classes = network.classes();
      severalLabels = network.spec().severalLabels();
      this.parameters = parameters;
    }

    @Override
    protected Examination compute(Iterator<Samples> pieces) {
      Examination examination = new Examination(classes, severalLabels);
      float[] current = parameters.value();
      Gangs.use(
          network,
          gang -> pieces.forEachRemaining(piece -> examination.add(gang.examine(piece, current))));
      return examination;
    }
  }
}
